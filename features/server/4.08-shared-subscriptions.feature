@needs:shared-subscriptions
Feature: Shared Subscriptions

  @5.0/RULE-4.8.2-one-member-gets-it
  Rule: Each message goes to exactly one member of a share

    @needs:qos2
    Scenario Outline: of three members exactly one gets each message at QoS <qos>
      Given A is connected
      And B is connected
      And C is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 2
      And B is subscribed to "$share/g/t" at QoS 2
      And C is subscribed to "$share/g/t" at QoS 2
      When P publishes 12 messages to "t" at QoS <qos>
      Then each of "1" to "12" on "t" reaches exactly one of A, B and C

      Examples:
        | qos |
        | 0   |
        | 1   |
        | 2   |

    Scenario: a member alone gets every message
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      When P publishes 5 messages to "t" at QoS 0
      Then each of "1" to "5" on "t" reaches exactly one of A

  @5.0/RULE-4.8.2-matches-by-filter
  Rule: Only the part behind the ShareName is compared with Topic Names

    @needs:wildcard-subscription
    Scenario: a Shared Subscription with wildcards matches as its Topic Filter does
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g/a/+" at QoS 0
      When P publishes to each of:
        | a/x   |
        | a/    |
        | g/a/x |
        | a     |
        | a/x/y |
      Then A receives exactly the messages on:
        | a/x   |
        | a/    |

    @needs:wildcard-subscription
    Scenario: a Shared Subscription to "a/#" matches the parent level
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g/a/#" at QoS 0
      When P publishes to each of:
        | a   |
        | a/b |
        | b   |
      Then A receives exactly the messages on:
        | a   |
        | a/b |

    Scenario: a leading separator belongs to the Topic Filter
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g//b" at QoS 0
      When P publishes to each of:
        | b  |
        | /b |
      Then A receives exactly the messages on:
        | /b |

  @5.0/RULE-4.8.2-shares-are-independent
  Rule: Shares with different names are independent

    Scenario: two shares each get every message
      Given A is connected
      And B is connected
      And C is connected
      And D is connected
      And P is connected
      And A is subscribed to "$share/one/t" at QoS 0
      And B is subscribed to "$share/one/t" at QoS 0
      And C is subscribed to "$share/two/t" at QoS 0
      And D is subscribed to "$share/two/t" at QoS 0
      When P publishes 6 messages to "t" at QoS 0
      Then each of "1" to "6" on "t" reaches exactly one of A and B
      And each of "1" to "6" on "t" reaches exactly one of C and D

    Scenario: shares of one name with different Topic Filters are different shares
      Given A is connected
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      And B is subscribed to "$share/g/u" at QoS 0
      When P publishes 3 messages to "t" at QoS 0
      And P publishes 3 messages to "u" at QoS 0
      Then each of "1" to "3" on "t" reaches exactly one of A
      And each of "1" to "3" on "u" reaches exactly one of B
      And A receives no further message
      And B receives no further message

  @5.0/RULE-4.8.2-independent-of-non-shared
  Rule: Shared and non-shared Subscriptions are independent

    Scenario: a non-shared Subscription gets each message, and the share each message once
      Given A is connected
      And B is connected
      And N is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      And B is subscribed to "$share/g/t" at QoS 0
      And N is subscribed to "t" at QoS 0
      When P publishes 6 messages to "t" at QoS 0
      Then each of "1" to "6" on "t" reaches exactly one of A and B
      And each of "1" to "6" on "t" reaches exactly one of N

    Scenario: UNSUBSCRIBE from the plain Topic Filter leaves the Shared Subscription
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      And A is subscribed to "t" at QoS 0
      When A unsubscribes from "t"
      And P publishes 3 messages to "t" at QoS 0
      Then each of "1" to "3" on "t" reaches exactly one of A

    Scenario: UNSUBSCRIBE from the Shared Subscription leaves the plain one
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      And A is subscribed to "t" at QoS 0
      When A unsubscribes from "$share/g/t"
      And P publishes 3 messages to "t" at QoS 0
      Then each of "1" to "3" on "t" reaches exactly one of A

  @5.0/RULE-4.8.2-subscribing-twice-is-one-membership
  Rule: Subscribing twice is one membership

    Scenario: a member that has subscribed twice gets each message once
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      And A is subscribed to "$share/g/t" at QoS 0
      When P publishes 4 messages to "t" at QoS 0
      Then each of "1" to "4" on "t" reaches exactly one of A

    Scenario: one UNSUBSCRIBE ends a membership that was subscribed to twice
      Given A is connected
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      And A is subscribed to "$share/g/t" at QoS 0
      And B is subscribed to "$share/g/t" at QoS 0
      When A unsubscribes from "$share/g/t"
      And P publishes 6 messages to "t" at QoS 0
      Then each of "1" to "6" on "t" reaches exactly one of B
      And A receives no message

  @5.0/RULE-3.10.4-detaches-from-share
  Rule: UNSUBSCRIBE from a share detaches this Client only

    Scenario: after one member has left the other gets every message
      Given A is connected
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      And B is subscribed to "$share/g/t" at QoS 0
      When B unsubscribes from "$share/g/t"
      And P publishes 6 messages to "t" at QoS 0
      Then each of "1" to "6" on "t" reaches exactly one of A
      And B receives no message

    Scenario: after the Session of one member has ended the other gets every message
      Given A is connected
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      And B is subscribed to "$share/g/t" at QoS 0
      When B disconnects
      And P publishes 6 messages to "t" at QoS 0
      Then each of "1" to "6" on "t" reaches exactly one of A

  @5.0/RULE-4.8.2-last-member-ends-it
  @needs:qos1
  Rule: A share without members is gone

    Scenario: what is published while a share has no member reaches none of its later members
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 1
      When A unsubscribes from "$share/g/t"
      And P publishes "between" to "t" at QoS 1
      And A subscribes to "$share/g/t" at QoS 1
      And P publishes "after" to "t" at QoS 1
      Then A receives "after" on "t"
      And A receives no further message

  @5.0/RULE-3.8.4-no-retained-messages-for-shares
  @needs:retain @needs:qos1
  Rule: A Shared Subscription gets no retained messages when it is made

    Scenario: the retained message comes to a plain Subscription and not to a shared one
      Given P is connected
      And P has retained "r" on "t" at QoS 1
      And A is connected
      And B is connected
      When A subscribes to "$share/g/t" at QoS 1
      And B subscribes to "t" at QoS 1
      Then B receives "r" on "t"
      And A receives no message

  @5.0/MQTT-4.8.2-3 @5.0/MQTT-3.8.4-8
  @needs:qos2
  Rule: A message goes to a member at no more than the QoS granted to it

    Scenario Outline: published at QoS <published>, a message reaches a member of QoS <granted> at QoS <delivered>
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS <granted>
      When P publishes "x" to "t" at QoS <published>
      Then A receives "x" on "t" at QoS <delivered>

      Examples:
        | published | granted | delivered |
        | 2         | 0       | 0         |
        | 2         | 1       | 1         |
        | 2         | 2       | 2         |
        | 1         | 0       | 0         |
        | 1         | 2       | 1         |
        | 0         | 2       | 0         |

    Scenario: members of different QoS each get messages at their own
      Given A is connected
      And B is connected
      And C is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 0
      And B is subscribed to "$share/g/t" at QoS 1
      And C is subscribed to "$share/g/t" at QoS 2
      When P publishes 12 messages to "t" at QoS 2
      Then each of "1" to "12" on "t" reaches exactly one of A, B and C

  @5.0/MQTT-4.8.2-4
  @needs:qos2 @needs:session-persistence
  Rule: A QoS 2 delivery that has begun is completed with the same member

    Scenario: a QoS 2 message goes to the member again that it was sent to before
      Given A is connected and its Session is kept
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 2
      And A does not acknowledge
      And P has published "x" to "t" at QoS 2
      And A has received "x" on "t" at QoS 2
      And B is subscribed to "$share/g/t" at QoS 2
      When A loses its Network Connection
      And A acknowledges what arrives
      And A returns to its Session
      Then the Session of A is present
      And A receives "x" on "t"
      And A receives PUBREL
      And B receives no message

    Scenario: a QoS 2 delivery that waits for PUBCOMP goes on with the same member
      Given A is connected and its Session is kept
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 2
      And A does not acknowledge
      And P has published "x" to "t" at QoS 2
      And A has received "x" on "t" at QoS 2
      And B is subscribed to "$share/g/t" at QoS 2
      When A sends PUBREC for that message
      And A has received PUBREL
      And A loses its Network Connection
      And A acknowledges what arrives
      And A returns to its Session
      Then the Session of A is present
      And A receives PUBREL
      And B receives no message

  @5.0/MQTT-4.8.2-5
  @needs:qos2 @needs:session-persistence
  Rule: A QoS 2 delivery that has begun goes to no other member if the Session ends

    Scenario: a QoS 2 message whose member has given up its Session reaches nobody else
      Given A is connected and its Session is kept
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 2
      And A does not acknowledge
      And P has published "x" to "t" at QoS 2
      And A has received "x" on "t" at QoS 2
      And B is subscribed to "$share/g/t" at QoS 2
      When A loses its Network Connection
      And A connects
      And P publishes "y" to "t" at QoS 2
      Then B receives "y" on "t"
      And B receives no further message

  @5.0/MQTT-4.8.2-6
  Rule: A message that a member refuses goes to no other member

    @needs:qos1
    Scenario Outline: PUBACK with Reason Code <reason> ends the delivery
      Given A is connected
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 1
      And A does not acknowledge
      And P has published "x" to "t" at QoS 1
      And A has received "x" on "t" at QoS 1
      And B is subscribed to "$share/g/t" at QoS 1
      When A sends PUBACK with Reason Code <reason> for that message
      Then B receives no message
      And A receives no further message

      Examples:
        | reason |
        | 0x80   |
        | 0x97   |

    @needs:qos2
    Scenario: PUBREC with Reason Code 0x83 ends the delivery
      Given A is connected
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 2
      And A does not acknowledge
      And P has published "x" to "t" at QoS 2
      And A has received "x" on "t" at QoS 2
      And B is subscribed to "$share/g/t" at QoS 2
      When A sends PUBREC with Reason Code 0x83 for that message
      Then B receives no message
      And A receives no further message

  @5.0/SHOULD-4.8.2-another-member-gets-qos-1
  @needs:qos1 @needs:session-persistence
  Rule: A QoS 1 message whose member ends its Session should go to another member

    Scenario: a QoS 1 message that was not acknowledged goes to another member when the Session ends
      Given A is connected and its Session is kept
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" at QoS 1
      And A does not acknowledge
      And P has published "x" to "t" at QoS 1
      And A has received "x" on "t" at QoS 1
      And B is subscribed to "$share/g/t" at QoS 1
      When A loses its Network Connection
      And A connects
      Then B should receive "x" on "t"

  @5.0/RULE-3.3.4-share-identifiers
  @needs:subscription-identifiers
  Rule: A message of a share carries the identifiers of the member that gets it

    Scenario: each member sees its own Subscription Identifier
      Given A is connected
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" with:
        | Subscription Identifier | 1 |
      And B is subscribed to "$share/g/t" with:
        | Subscription Identifier | 2 |
      When P publishes 6 messages to "t" at QoS 0
      Then each of "1" to "6" on "t" reaches exactly one of A with identifier 1 and B with identifier 2

    Scenario: a member alone sees its own Subscription Identifier after others have left
      Given A is connected
      And B is connected
      And P is connected
      And A is subscribed to "$share/g/t" with:
        | Subscription Identifier | 1 |
      And B is subscribed to "$share/g/t" with:
        | Subscription Identifier | 2 |
      And B has unsubscribed from "$share/g/t"
      When P publishes "x" to "t" at QoS 0
      Then A receives "x" on "t"
      And it has:
        | Subscription Identifier | 1 |

  @5.0/MQTT-4.8.2-1 @5.0/MQTT-3.3.2-3
  @needs:wildcard-subscription
  Rule: A ShareName has at least one character

    Scenario: a Shared Subscription without ShareName brings no messages
      Given A is connected
      And P is connected
      And A is subscribed to "$share/g/u" at QoS 0
      When A sends SUBSCRIBE 7 to the invalid Topic Filter "$share//t"
      Then the Server does not grant SUBSCRIBE 7 of A, or delivers nothing that P publishes to "t"

  @5.0/MQTT-4.8.2-2 @5.0/MQTT-4.13.1-1
  @needs:wildcard-subscription
  Rule: A ShareName has no wildcards

    Scenario Outline: the Topic Filter "<filter>" is not granted
      Given A is connected
      And A is subscribed to "$share/g/u" at QoS 0
      When A sends SUBSCRIBE 7 to the invalid Topic Filter "<filter>"
      Then the Server does not grant SUBSCRIBE 7 of A

      Examples:
        | filter       |
        | $share/g+/t  |
        | $share/#/t   |
        | $share/g#/t  |

  @5.0/MQTT-4.7.1-1 @5.0/MQTT-4.7.1-2 @5.0/MQTT-4.13.1-1
  @needs:wildcard-subscription
  Rule: The Topic Filter behind a ShareName has its wildcards in the right places

    Scenario Outline: the Topic Filter "<filter>" of a share is not granted
      Given A is connected
      And A is subscribed to "$share/g/u" at QoS 0
      When A sends SUBSCRIBE 7 to the invalid Topic Filter "<filter>"
      Then the Server does not grant SUBSCRIBE 7 of A

      Examples:
        | filter         |
        | $share/g/t#    |
        | $share/g/#/t   |
        | $share/g/t+    |

  @5.0/RULE-3.2.2.3.13-not-available @5.0/MQTT-4.13.1-1
  @server:no-shared-subscriptions
  Rule: Where Shared Subscriptions are not available, one is a Protocol Error

    Scenario: a Shared Subscription closes the Network Connection where they are not available
      Given A is connected
      And A is subscribed to "t" at QoS 0
      When A sends SUBSCRIBE 7 to:
        | $share/g/t | 0 |
      Then the Server closes the Network Connection of A

  @5.0/RULE-3.2.2.3.13-absent-means-available
  Rule: Where CONNACK does not say otherwise, Shared Subscriptions are available

    Scenario: a Shared Subscription is not refused for being one
      Given A is connected
      When A sends SUBSCRIBE 7 to:
        | $share/g/t | 0 |
      Then A receives SUBACK with:
        | Reason Codes | 0x00 or 0x80 or 0x83 or 0x87 or 0x8F or 0x91 or 0x97 |
      And the Network Connection of A stays open
