Feature: Retained messages

  Rule: A retained message is stored with its QoS

    @3.1.1/MQTT-3.3.1-5 @3.1.1/MQTT-3.3.1-6 @3.1.1/MQTT-3.3.1-8 @5.0/MQTT-3.3.1-5 @5.0/MQTT-3.3.1-9 @5.0/RULE-3.3.1.3-retain-flag-at-subscription @5.0/RULE-3.2.2.3.5-absent-means-available
    @needs:retain @needs:qos1 @needs:qos2
    Scenario Outline: a message that was retained at QoS <published> comes to a Subscription of QoS <subscribed> at QoS <delivered>
      Given P is connected
      And P has retained "m" on "t" at QoS <published>
      And S is connected
      When S subscribes to "t" at QoS <subscribed>
      Then S receives "m" on "t" at QoS <delivered>
      And it has:
        | RETAIN | 1 |
        | DUP    | 0 |
      And S receives no further message

      Examples:
        | published | subscribed | delivered |
        | 1         | 0          | 0         |
        | 1         | 1          | 1         |
        | 1         | 2          | 1         |
        | 2         | 0          | 0         |
        | 2         | 1          | 1         |
        | 2         | 2          | 2         |

    @3.1.1/SHOULD-3.3.1.3-store-qos-0-retained @5.0/SHOULD-3.3.1.3-store-qos-0-retained
    @needs:retain
    Scenario: a message of QoS 0 should be retained
      Given P is connected
      And P has retained "m" on "t" at QoS 0
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S should receive "m" on "t"

    @5.0/MQTT-3.3.1-5
    @needs:retain @needs:qos1
    Scenario: a retained message of QoS 0 takes the place of the old one
      Given P is connected
      And O is connected
      And O is subscribed to "t" at QoS 0
      And P has retained "old" on "t" at QoS 1
      And P has retained "new" on "t" at QoS 0
      And O has received "new" on "t"
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives no message "old"

    @3.1.1/MQTT-3.3.1-5 @3.1.1/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-5 @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1
    Scenario: a retained message of 65536 bytes comes unchanged
      Given P is connected
      And P has retained "65536 bytes" on "t" at QoS 1
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives "65536 bytes" on "t" at QoS 1

    @3.1.1/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1
    Scenario: each of several subscribers gets the retained message
      Given P is connected
      And P has retained "m" on "t" at QoS 1
      And A is connected
      And B is connected
      When A subscribes to "t" at QoS 1
      And B subscribes to "t" at QoS 0
      Then A receives "m" on "t"
      And B receives "m" on "t"
      And A receives no further message
      And B receives no further message

    @3.1.1/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1
    Scenario: a Client that subscribes to what it has retained gets it
      Given A is connected
      And A has retained "m" on "t" at QoS 1
      When A subscribes to "t" at QoS 1
      Then A receives "m" on "t"
      And it has:
        | RETAIN | 1 |

    @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1
    Scenario: with No Local 1 a new Subscription gets what another Client has retained
      Given P is connected
      And P has retained "m" on "t" at QoS 1
      And S is connected
      When S subscribes to "t" with:
        | QoS      | 1 |
        | No Local | 1 |
      Then S receives "m" on "t"

    @3.1.1/MQTT-3.3.1-10 @5.0/MQTT-3.3.1-6
    @needs:retain @needs:qos1 @needs:qos2
    Scenario Outline: an empty message of QoS <qos> deletes the retained message
      Given P is connected
      And O is connected
      And O is subscribed to "t" at QoS 0
      And P has retained "old" on "t" at QoS 1
      And P has retained "other" on "u" at QoS 1
      And P has retained "empty" on "t" at QoS <qos>
      And O has received "empty" on "t"
      And S is connected
      When S subscribes to "u" at QoS 1
      And S subscribes to "t" at QoS 1
      Then S receives "other" on "u"
      And S receives no further message

      Examples:
        | qos |
        | 0   |
        | 1   |
        | 2   |

    @3.1.1/MQTT-3.3.1-6 @3.1.1/MQTT-3.3.1-10 @5.0/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1
    Scenario Outline: the retained message of "<kept>" is there when that of "<cleared>" is deleted
      Given P is connected
      And P has retained "kept" on "<kept>" at QoS 1
      And P has retained "old" on "<cleared>" at QoS 1
      And S is connected
      When P clears the retained message of "<cleared>"
      And S subscribes to "<cleared>" at QoS 1
      And S subscribes to "<kept>" at QoS 1
      Then S receives "kept" on "<kept>"
      And S receives no further message

      Examples:
        | kept | cleared |
        | a    | a/b     |
        | a/b  | a       |
        | a/b  | a/c     |

    @3.1.1/MQTT-3.3.1-12 @5.0/MQTT-3.3.1-8
    @needs:retain @needs:qos1
    Scenario: an empty message with RETAIN 0 leaves the retained message alone
      Given P is connected
      And P has retained "kept" on "t" at QoS 1
      And P has published:
        | Topic Name | t     |
        | Payload    | empty |
        | QoS        | 1     |
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives "kept" on "t"
      And S receives no further message

    @3.1.1/MQTT-3.3.1-5 @3.1.1/MQTT-3.3.1-10 @5.0/MQTT-3.3.1-5 @5.0/MQTT-3.3.1-6
    @needs:retain @needs:qos1
    Scenario: a topic that was cleared takes a retained message again
      Given P is connected
      And P has retained "old" on "t" at QoS 1
      When P clears the retained message of "t"
      And P retains "new" on "t" at QoS 1
      And S connects
      And S subscribes to "t" at QoS 1
      Then S receives "new" on "t"
      And S receives no further message

    @3.1.1/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1 @needs:session-persistence
    Scenario: a retained message is not sent because a Session is resumed
      Given P is connected
      And P has retained "m" on "t" at QoS 1
      And S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has received "m" on "t" at QoS 1
      And everything for S has arrived
      And S has lost its Network Connection
      When S returns to its Session
      Then the Session of S is present
      And S receives no message

    @3.1.1/MQTT-3.3.1-9 @5.0/MQTT-3.3.1-12
    @needs:retain @needs:qos1 @needs:session-persistence
    Scenario: a message that waited for its subscriber has RETAIN 0
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      And P has retained "m" on "t" at QoS 1
      When S returns to its Session
      Then S receives "m" on "t" at QoS 1
      And it has:
        | RETAIN | 0 |

    @5.0/RULE-4.1-retained-messages-survive-sessions @3.1.1/MQTT-3.1.2-7
    @needs:retain @needs:qos1
    Scenario: a clean start of the publisher leaves its retained message alone
      Given P is connected
      And P has retained "m" on "t" at QoS 1
      And P has disconnected
      And P is connected
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives "m" on "t"

  @3.1.1/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-9 @3.1.1/RULE-4.7.1.2-includes-parent-level @5.0/RULE-4.7.1.2-includes-parent-level
  @needs:retain @needs:qos1 @needs:wildcard-subscription
  Rule: A new Subscription with "#" gets the retained message of the level above it

    Scenario: a new Subscription to "a/#" gets the retained messages of "a" and of "a/b"
      Given P is connected
      And P has retained "above" on "a" at QoS 1
      And P has retained "below" on "a/b" at QoS 1
      And S is connected
      When S subscribes to "a/#" at QoS 1
      Then S receives "above" on "a"
      And S receives "below" on "a/b"
      And S receives no further message

  @3.1.1/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-9
  @needs:retain @needs:qos1 @needs:wildcard-subscription
  Rule: "$" is a character like others behind the first level

    Scenario Outline: a new Subscription to "<filter>" gets the retained message of "a/$b/c"
      Given P is connected
      And P has retained "m" on "a/$b/c" at QoS 1
      And S is connected
      When S subscribes to "<filter>" at QoS 1
      Then S receives "m" on "a/$b/c"

      Examples:
        | filter |
        | a/+/c  |
        | a/#    |
