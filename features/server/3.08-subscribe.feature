Feature: SUBSCRIBE

  @3.1.1/MQTT-3.8.1-1 @5.0/MQTT-3.8.1-1
  Rule: The flags of SUBSCRIBE are 0010; with any others the packet is malformed

    Scenario Outline: SUBSCRIBE with the flags <flags> closes the Network Connection
      Given A is connected
      And A is subscribed to "before" at QoS 0
      When A sends SUBSCRIBE 7 to "t" with the flags <flags>
      Then the Server closes the Network Connection of A
      And A receives no SUBACK

      Examples:
        | flags |
        | 0000  |
        | 0011  |
        | 0110  |
        | 1010  |

  @3.1.1/MQTT-3.8.3-3 @5.0/RULE-3.8.3-no-payload @5.0/MQTT-4.13.1-1
  Rule: SUBSCRIBE has at least one Topic Filter

    Scenario: SUBSCRIBE without payload closes the Network Connection
      Given A is connected
      And A is subscribed to "before" at QoS 0
      When A sends SUBSCRIBE 7 without Topic Filters
      Then the Server closes the Network Connection of A
      And A receives no SUBACK

  @3.1.1/MQTT-3.8.3-4
  Rule: In 3.1.1 the upper six bits of the Requested QoS are 0, and it is not 3

    Scenario Outline: A Requested QoS byte of <options> closes the Network Connection
      Given A is connected
      And A is subscribed to "before" at QoS 0
      When A sends SUBSCRIBE 7 to "t" with the options byte <options>
      Then the Server closes the Network Connection of A
      And A receives no SUBACK

      Examples:
        | options  |
        | 00000011 |
        | 00000100 |
        | 00010000 |
        | 10000000 |

  @5.0/MQTT-3.8.3-5 @5.0/RULE-3.8.3.1-reserved-bits
  Rule: Bits 6 and 7 of the Subscription Options are reserved

    Scenario Outline: Subscription Options of <options> close the Network Connection
      Given A is connected
      And A is subscribed to "before" at QoS 0
      When A sends SUBSCRIBE 7 to "t" with the options byte <options>
      Then the Server closes the Network Connection of A
      And A receives no SUBACK

      Examples:
        | options  |
        | 01000000 |
        | 10000000 |
        | 11000001 |

  @5.0/RULE-3.8.3.1-qos-3 @5.0/MQTT-4.13.1-1
  Rule: A Maximum QoS of 3 is a Protocol Error

    Scenario: a Maximum QoS of 3 closes the Network Connection
      Given A is connected
      And A is subscribed to "before" at QoS 2
      When A sends SUBSCRIBE 7 to "t" with the options byte 00000011
      Then the Server closes the Network Connection of A
      And A receives no SUBACK

  @5.0/RULE-3.8.3.1-retain-handling-3 @5.0/MQTT-4.13.1-1
  Rule: A Retain Handling of 3 is a Protocol Error

    Scenario: a Retain Handling of 3 closes the Network Connection
      Given A is connected
      And A is subscribed to "before" with:
        | Retain Handling | 2 |
      When A sends SUBSCRIBE 7 to "t" with the options byte 00110000
      Then the Server closes the Network Connection of A
      And A receives no SUBACK

  @3.1.1/MQTT-3.8.4-1 @5.0/MQTT-3.8.4-1 @3.1.1/MQTT-3.8.4-2 @5.0/MQTT-3.8.4-2
  Rule: Each SUBSCRIBE is answered by a SUBACK with the same Packet Identifier

    Scenario Outline: SUBSCRIBE <id> is answered by SUBACK <id>
      Given A is connected
      When A sends SUBSCRIBE <id> to:
        | t | 1 |
      Then A receives SUBACK <id> for:
        | t | 1 |

      Examples:
        | id    |
        | 1     |
        | 256   |
        | 65535 |

    Scenario: several SUBSCRIBE packets under way are answered by one SUBACK each
      Given A is connected
      When A sends SUBSCRIBE 300 to:
        | a | 0 |
      And A sends SUBSCRIBE 2 to:
        | b | 0 |
      And A sends SUBSCRIBE 41 to:
        | c | 0 |
      Then A receives SUBACK with:
        | Packet Identifier | 300 or 2 or 41 |
      And A receives SUBACK with:
        | Packet Identifier | 300 or 2 or 41 |
      And A receives SUBACK with:
        | Packet Identifier | 300 or 2 or 41 |
      And A receives no SUBACK

    Scenario: a SUBSCRIBE to a Topic Filter that is subscribed to already is answered as well
      Given A is connected
      And A is subscribed to "t" at QoS 1
      When A sends SUBSCRIBE 700 to:
        | t | 1 |
      Then A receives SUBACK 700 for:
        | t | 1 |

  @5.0/RULE-3.8.2.1.3-may-repeat
  Rule: User Property may stand in SUBSCRIBE any number of times

    Scenario: SUBSCRIBE with equal User Properties is granted and works
      Given A is connected
      And B is connected
      When A sends SUBSCRIBE 7 to "t" with:
        | User Property | a = 1 |
        | User Property | a = 1 |
        | User Property | b = 2 |
      Then A receives SUBACK with:
        | Packet Identifier | 7    |
        | Reason Codes      | 0x00 |
      When B publishes "x" to "t" at QoS 0
      Then A receives "x" on "t"

  @3.1.1/MQTT-3.8.4-4 @5.0/MQTT-3.8.4-5
  Rule: A SUBSCRIBE with several Topic Filters acts like several SUBSCRIBE packets with one joint SUBACK

    Scenario: all Topic Filters of one SUBSCRIBE are subscribed to, and one SUBACK answers
      Given A is connected
      And B is connected
      When A sends SUBSCRIBE 7 to:
        | a | 0 |
        | b | 1 |
        | c | 2 |
      Then A receives SUBACK 7 for:
        | a | 0 |
        | b | 1 |
        | c | 2 |
      And A receives no SUBACK
      When B publishes "1" to "a" at QoS 0
      And B publishes "2" to "b" at QoS 0
      And B publishes "3" to "c" at QoS 0
      Then A receives "1" on "a"
      And A receives "2" on "b"
      And A receives "3" on "c"
      And A receives no further message

    @needs:retain @needs:qos1
    Scenario: each Topic Filter of one SUBSCRIBE brings its retained messages
      Given B is connected
      And B has retained "1" on "a" at QoS 1
      And B has retained "2" on "b" at QoS 1
      And A is connected
      When A sends SUBSCRIBE 7 to:
        | a | 0 |
        | b | 0 |
        | c | 0 |
      Then A receives SUBACK 7 for:
        | a | 0 |
        | b | 0 |
        | c | 0 |
      And A receives "1" on "a"
      And A receives "2" on "b"
      And A receives no further message

  @3.1.1/MQTT-3.8.4-3 @5.0/MQTT-3.8.4-3
  Rule: A SUBSCRIBE with the Topic Filter of an existing Subscription replaces that one

    Scenario: after a second SUBSCRIBE to the same Topic Filter each message comes once
      Given A is connected
      And B is connected
      And A is subscribed to "t" at QoS 0
      And A is subscribed to "t" at QoS 0
      When B publishes "x" to "t" at QoS 0
      Then A receives "x" on "t"
      And A receives no further message

    @needs:qos2
    Scenario Outline: the replacement at QoS <new> takes the place of the Subscription at QoS <old>
      Given A is connected
      And B is connected
      And A is subscribed to "t" at QoS <old>
      And A is subscribed to "t" at QoS <new>
      When B publishes "x" to "t" at QoS 2
      Then A receives "x" on "t" at QoS <new>
      And A receives no further message

      Examples:
        | old | new |
        | 0   | 2   |
        | 2   | 0   |
        | 1   | 2   |
        | 2   | 1   |

    @needs:session-persistence
    Scenario: a Subscription of an earlier Network Connection is replaced too
      Given A is connected and its Session is kept
      And A is subscribed to "t" at QoS 1
      And A has disconnected
      And A is connected and its Session is kept
      And A is subscribed to "t" at QoS 0
      And B is connected
      When B publishes "x" to "t" at QoS 0
      Then A receives "x" on "t"
      And A receives no further message

  @3.1.1/MQTT-3.8.4-3 @5.0/MQTT-3.8.4-4
  @needs:qos1
  Rule: Replacing a Subscription sends its retained messages again and loses no message

    @needs:retain
    Scenario: the retained message comes for the first and for the second SUBSCRIBE
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      And A is subscribed to "t" at QoS 1
      And A has received "r" on "t"
      When A subscribes to "t" at QoS 1
      Then A receives "r" on "t"
      And it has:
        | RETAIN | 1 |
      And A receives no further message

    Scenario: no message of a steady flow is lost while a Subscription is replaced
      Given A is connected
      And B is connected
      And A is subscribed to "t" at QoS 1
      When B publishes 60 messages to "t" at QoS 1 while A subscribes to the same filter again at QoS 1
      Then A receives each of "1" to "60" on "t"

  @3.1.1/MQTT-3.8.4-6 @5.0/MQTT-3.8.4-8
  Rule: The QoS of a delivery is the lower of the QoS of the message and the granted QoS

    Scenario Outline: published at QoS <published> and granted QoS <granted>, a message is delivered at QoS <delivered>
      Given A is connected
      And B is connected
      And A is subscribed to "t" at QoS <granted>
      When B publishes "x" to "t" at QoS <published>
      Then A receives "x" on "t" at QoS <delivered>

      @needs:qos2
      Examples:
        | published | granted | delivered |
        | 0         | 0       | 0         |
        | 0         | 1       | 0         |
        | 0         | 2       | 0         |
        | 1         | 0       | 0         |
        | 1         | 1       | 1         |
        | 1         | 2       | 1         |
        | 2         | 0       | 0         |
        | 2         | 1       | 1         |
        | 2         | 2       | 2         |

    @needs:retain @needs:qos2
    Scenario Outline: retained at QoS <published> and granted QoS <granted>, a message is delivered at QoS <delivered>
      Given B is connected
      And B has retained "r" on "t" at QoS <published>
      And A is connected
      When A subscribes to "t" at QoS <granted>
      Then A receives "r" on "t" at QoS <delivered>

      Examples:
        | published | granted | delivered |
        | 1         | 0       | 0         |
        | 1         | 2       | 1         |
        | 2         | 1       | 1         |
        | 2         | 2       | 2         |

  @3.1.1/RULE-3.8.4-every-matching-retained-message @5.0/RULE-3.8.4-every-matching-retained-message
  @needs:retain @needs:qos1
  Rule: A new Subscription gets the retained message of each topic that it matches

    @needs:wildcard-subscription
    Scenario: exactly the retained messages that match arrive
      Given B is connected
      And B has retained "1" on "a/1" at QoS 1
      And B has retained "2" on "a/2" at QoS 1
      And B has retained "3" on "b/1" at QoS 1
      And B has retained "4" on "a/1/x" at QoS 1
      And A is connected
      When A subscribes to "a/+" at QoS 1
      Then A receives "1" on "a/1"
      And A receives "2" on "a/2"
      And A receives no further message

    Scenario: a Subscription without wildcards gets the one retained message of its topic
      Given B is connected
      And B has retained "1" on "a/1" at QoS 1
      And B has retained "2" on "a" at QoS 1
      And A is connected
      When A subscribes to "a" at QoS 1
      Then A receives "2" on "a"
      And A receives no further message

  @3.1.1/SHOULD-3.8.3-wildcards
  Rule: A Server should support Topic Filters with wildcards

    Scenario Outline: the Topic Filter <filter> is granted
      Given A is connected
      When A sends SUBSCRIBE 7 to:
        | <filter> | 0 |
      Then the Server should grant SUBSCRIBE 7 of A

      Examples:
        | filter |
        | a/+    |
        | a/#    |
        | +/b/#  |

  @3.1.1/MQTT-3.8.3-2
  @server:no-wildcards
  Rule: A 3.1.1 Server that does not support wildcards refuses every Topic Filter with one

    Scenario Outline: the Topic Filter <filter> is refused where wildcards are not supported
      Given A is connected
      And A is subscribed to "a/b" at QoS 0
      When A sends SUBSCRIBE 7 to:
        | <filter> | 0 |
      Then the Server does not grant SUBSCRIBE 7 of A

      Examples:
        | filter |
        | a/+    |
        | a/#    |
        | #      |

  @5.0/RULE-3.2.2.3.11-not-available @5.0/MQTT-4.13.1-1
  @server:no-wildcards
  Rule: Where wildcards are not available, a Topic Filter with one is a Protocol Error

    Scenario Outline: the Topic Filter <filter> closes the Network Connection where wildcards are not available
      Given A is connected
      And A is subscribed to "a/b" at QoS 0
      When A sends SUBSCRIBE 7 to:
        | <filter> | 0 |
      Then the Server closes the Network Connection of A

      Examples:
        | filter |
        | a/+    |
        | a/#    |

  @5.0/RULE-3.2.2.3.11-absent-means-available
  @needs:wildcard-subscription
  Rule: Where CONNACK does not say otherwise, wildcards are available

    Scenario Outline: the Topic Filter <filter> does not end the Network Connection
      Given A is connected
      When A sends SUBSCRIBE 7 to:
        | <filter> | 0 |
      Then A receives SUBACK with:
        | Packet Identifier | 7 |
      And the Network Connection of A stays open

      Examples:
        | filter |
        | a/+    |
        | a/#    |
