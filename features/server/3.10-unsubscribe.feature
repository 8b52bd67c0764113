Feature: UNSUBSCRIBE and UNSUBACK

  @3.1.1/MQTT-3.10.1-1 @5.0/MQTT-3.10.1-1
  Rule: The flags of UNSUBSCRIBE are 0010; with any others the packet is malformed

    Scenario Outline: UNSUBSCRIBE with the flags <flags> closes the Network Connection
      Given A is connected
      And A is subscribed to "t" at QoS 0
      And A has unsubscribed from "t"
      When A sends UNSUBSCRIBE 7 from "t" with the flags <flags>
      Then the Server closes the Network Connection of A
      And A receives no UNSUBACK

      Examples:
        | flags |
        | 0000  |
        | 0011  |
        | 0110  |
        | 1010  |

  @3.1.1/MQTT-3.10.3-2 @5.0/RULE-3.10.3-no-payload @5.0/MQTT-4.13.1-1
  Rule: UNSUBSCRIBE has at least one Topic Filter

    Scenario: UNSUBSCRIBE without payload closes the Network Connection
      Given A is connected
      And A has unsubscribed from "t"
      When A sends UNSUBSCRIBE 7 without Topic Filters
      Then the Server closes the Network Connection of A
      And A receives no UNSUBACK

  @3.1.1/MQTT-3.10.4-4 @5.0/MQTT-3.10.4-4 @5.0/MQTT-3.10.4-5
  Rule: Each UNSUBSCRIBE is answered by an UNSUBACK with the same Packet Identifier

    Scenario Outline: UNSUBSCRIBE <id> is answered by UNSUBACK <id>
      Given A is connected
      And A is subscribed to "t" at QoS 0
      When A sends UNSUBSCRIBE <id> from:
        | t |
      Then A receives UNSUBACK with:
        | Packet Identifier | <id> |

      Examples:
        | id    |
        | 3     |
        | 256   |
        | 65535 |

  @3.1.1/MQTT-3.10.4-5 @5.0/MQTT-3.10.4-5
  Rule: UNSUBACK comes also when there was nothing to delete

    Scenario: UNSUBSCRIBE from a Topic Filter that was never subscribed to is answered
      Given A is connected
      When A sends UNSUBSCRIBE 7 from:
        | never |
      Then A receives UNSUBACK with:
        | Packet Identifier | 7 |

    Scenario: a second UNSUBSCRIBE from the same Topic Filter is answered too
      Given A is connected
      And A is subscribed to "t" at QoS 0
      And A has unsubscribed from "t"
      When A sends UNSUBSCRIBE 700 from:
        | t |
      Then A receives UNSUBACK with:
        | Packet Identifier | 700 |

  @3.1.1/MQTT-3.10.4-1 @5.0/MQTT-3.10.4-1
  Rule: The Topic Filters of UNSUBSCRIBE are compared character by character with those of the Subscriptions

    Scenario: UNSUBSCRIBE with the Topic Filter of a Subscription deletes it
      Given A is connected
      And B is connected
      And A is subscribed to "a" at QoS 0
      And A is subscribed to "b" at QoS 0
      When A unsubscribes from "a"
      And B publishes to each of:
        | a |
        | b |
      Then A receives exactly the messages on:
        | b |

    @needs:wildcard-subscription
    Scenario: UNSUBSCRIBE from what a wildcard matches leaves the Subscription
      Given A is connected
      And B is connected
      And A is subscribed to "a/+" at QoS 0
      When A unsubscribes from "a/b"
      And A unsubscribes from "a/#"
      And A unsubscribes from "#"
      And A unsubscribes from "A/+"
      And A unsubscribes from "a/+/"
      And B publishes to each of:
        | a/b |
      Then A receives exactly the messages on:
        | a/b |

    @needs:wildcard-subscription
    Scenario: UNSUBSCRIBE with wildcards does not delete the Subscriptions that they match
      Given A is connected
      And B is connected
      And A is subscribed to "a/b" at QoS 0
      And A is subscribed to "a/c" at QoS 0
      When A unsubscribes from "a/+"
      And A unsubscribes from "a/#"
      And B publishes to each of:
        | a/b |
        | a/c |
      Then A receives exactly the messages on:
        | a/b |
        | a/c |

    @needs:wildcard-subscription
    Scenario: UNSUBSCRIBE with the same wildcards deletes the Subscription
      Given A is connected
      And B is connected
      And A is subscribed to "a/+" at QoS 0
      And A is subscribed to "a/c" at QoS 0
      When A unsubscribes from "a/+"
      And B publishes to each of:
        | a/b |
        | a/c |
      Then A receives exactly the messages on:
        | a/c |

  @3.1.1/MQTT-3.10.4-2 @5.0/MQTT-3.10.4-2
  Rule: Once a Subscription is deleted, no new messages are added for it

    Scenario Outline: after UNSUBACK no message at QoS <qos> comes any more
      Given A is connected
      And B is connected
      And A is subscribed to "t" at QoS 2
      And A is subscribed to "u" at QoS 2
      And B has published "1" to "t" at QoS <qos>
      And A has received "1" on "t"
      When A unsubscribes from "t"
      And B publishes "2" to "t" at QoS <qos>
      And B publishes "3" to "u" at QoS <qos>
      Then A receives "3" on "u"
      And A receives no further message

      Examples:
        | qos |
        | 0   |
      @needs:qos2
      Examples:
        | qos |
        | 1   |
        | 2   |

    @needs:qos1 @needs:session-persistence
    Scenario: what is published after UNSUBACK is not kept for the Session either
      Given A is connected and its Session is kept
      And B is connected
      And A is subscribed to "t" at QoS 1
      And A is subscribed to "u" at QoS 1
      When A unsubscribes from "t"
      And A disconnects
      And B publishes "1" to "t" at QoS 1
      And B publishes "2" to "u" at QoS 1
      And A returns to its Session
      Then A receives "2" on "u"
      And A receives no further message

  @3.1.1/MQTT-3.10.4-3 @5.0/MQTT-3.10.4-3
  Rule: A delivery that has begun is completed after its Subscription is deleted

    @needs:qos2
    Scenario: a QoS 2 delivery goes on to its end after UNSUBSCRIBE
      Given A is connected
      And B is connected
      And A is subscribed to "t" at QoS 2
      And A does not acknowledge
      And B has published "x" to "t" at QoS 2
      And A has received "x" on "t" at QoS 2
      When A sends UNSUBSCRIBE 77 from:
        | t |
      And everything for A has arrived
      And A sends PUBREC for that message
      Then A receives PUBREL
      When A sends PUBCOMP for that message
      Then A receives no further message

    @needs:qos1 @needs:session-persistence
    Scenario: a QoS 1 message that was not acknowledged before UNSUBSCRIBE is sent again in the resumed Session
      Given A is connected and its Session is kept
      And B is connected
      And A is subscribed to "t" at QoS 1
      And A does not acknowledge
      And B has published "x" to "t" at QoS 1
      And A has received "x" on "t" at QoS 1
      When A unsubscribes from "t"
      And A loses its Network Connection
      And A acknowledges what arrives
      And A returns to its Session
      Then the Session of A is present
      And A receives "x" on "t"

    @needs:qos2 @needs:session-persistence
    Scenario: a QoS 2 message that was not acknowledged before UNSUBSCRIBE is sent again in the resumed Session
      Given A is connected and its Session is kept
      And B is connected
      And A is subscribed to "t" at QoS 2
      And A does not acknowledge
      And B has published "x" to "t" at QoS 2
      And A has received "x" on "t" at QoS 2
      When A unsubscribes from "t"
      And A loses its Network Connection
      And A acknowledges what arrives
      And A returns to its Session
      Then the Session of A is present
      And A receives "x" on "t"
      And A receives PUBREL

  @3.1.1/MQTT-3.10.4-6 @5.0/MQTT-3.10.4-6
  Rule: An UNSUBSCRIBE with several Topic Filters acts like several UNSUBSCRIBE packets with one joint UNSUBACK

    Scenario: all Topic Filters of one UNSUBSCRIBE are deleted, and one UNSUBACK answers
      Given A is connected
      And B is connected
      And A is subscribed to "a" at QoS 0
      And A is subscribed to "b" at QoS 0
      And A is subscribed to "c" at QoS 0
      When A sends UNSUBSCRIBE 77 from:
        | a     |
        | never |
        | b     |
      Then A receives UNSUBACK with:
        | Packet Identifier | 77 |
      And A receives no UNSUBACK
      When B publishes to each of:
        | a |
        | b |
        | c |
      Then A receives exactly the messages on:
        | c |

  @5.0/MQTT-3.11.3-1 @5.0/MQTT-3.11.3-2
  Rule: UNSUBACK has one code of its table for each Topic Filter, in their order

    Scenario: a Topic Filter in the middle that was never subscribed to has the code in the middle
      Given A is connected
      And A is subscribed to "a" at QoS 0
      And A is subscribed to "b" at QoS 0
      When A sends UNSUBSCRIBE 77 from:
        | a     |
        | never |
        | b     |
      Then A receives UNSUBACK with:
        | Reason Codes | 0x00 0x11 0x00 or 0x00 0x00 0x00 |

    Scenario: Topic Filters at both ends that were never subscribed to have the codes at both ends
      Given A is connected
      And A is subscribed to "a" at QoS 0
      When A sends UNSUBSCRIBE 77 from:
        | never |
        | a     |
        | A     |
        | a/    |
      Then A receives UNSUBACK with:
        | Reason Codes | 0x11 0x00 0x11 0x11 or 0x00 0x00 0x00 0x00 |

  @5.0/MQTT-3.11.2-1 @5.0/MQTT-3.11.2-2
  Rule: No Reason String and no User Property makes UNSUBACK larger than the Client's Maximum Packet Size

    Scenario: UNSUBACK for many unknown Topic Filters is not above the Maximum Packet Size
      Given A is connected with:
        | Maximum Packet Size | 64 |
      When A sends UNSUBSCRIBE 7 from 57 Topic Filters
      Then A receives UNSUBACK of at most 64 bytes

  @5.0/RULE-3.10.2.1.2-may-repeat
  Rule: User Property may stand in UNSUBSCRIBE any number of times

    Scenario: UNSUBSCRIBE with equal User Properties deletes the Subscription
      Given A is connected
      And B is connected
      And A is subscribed to "a" at QoS 0
      And A is subscribed to "b" at QoS 0
      When A sends UNSUBSCRIBE 77 from "a" with:
        | User Property | a = 1 |
        | User Property | a = 1 |
        | User Property | b = 2 |
      Then A receives UNSUBACK with:
        | Packet Identifier | 77                   |
        | Reason Codes      | 0x00                 |
      When B publishes to each of:
        | a |
        | b |
      Then A receives exactly the messages on:
        | b |

  @3.1.1/RULE-3.11.1-remaining-length
  Rule: The Remaining Length of UNSUBACK is 2

    Scenario: UNSUBACK has four bytes
      Given A is connected
      And A is subscribed to "t" at QoS 0
      When A sends UNSUBSCRIBE 7 from:
        | t     |
        | never |
      Then A receives UNSUBACK of at most 4 bytes
