Feature: Delivery of Application Messages

  Rule: A message reaches its subscriber at the lower of the two QoS

    @3.1.1/MQTT-3.8.4-6 @5.0/MQTT-3.8.4-8
    @needs:qos1 @needs:qos2
    Scenario Outline: a message of QoS <published> for a Subscription of QoS <subscribed> comes at QoS <delivered>
      Given S is connected
      And S is subscribed to "t" at QoS <subscribed>
      And P is connected
      When P publishes "m" to "t" at QoS <published>
      Then S receives "m" on "t" at QoS <delivered>
      And S receives no further message

      Examples:
        | published | subscribed | delivered |
        | 0         | 0          | 0         |
        | 0         | 1          | 0         |
        | 0         | 2          | 0         |
        | 1         | 0          | 0         |
        | 1         | 1          | 1         |
        | 1         | 2          | 1         |
        | 2         | 0          | 0         |
        | 2         | 1          | 1         |
        | 2         | 2          | 2         |

  Rule: The answer to a PUBLISH follows its QoS

    @3.1.1/MQTT-3.3.4-1 @5.0/MQTT-3.3.4-1
    Scenario: a PUBLISH of QoS 0 is not answered
      Given P is connected
      When P sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 0 |
      Then P receives no PUBACK
      And P receives no PUBREC

    @3.1.1/MQTT-3.3.4-1 @3.1.1/MQTT-4.3.2-2 @3.1.1/MQTT-2.3.1-6 @5.0/MQTT-3.3.4-1 @5.0/MQTT-4.3.2-4 @5.0/MQTT-2.2.1-5
    @needs:qos1
    Scenario: a PUBLISH of QoS 1 is answered by PUBACK with its Packet Identifier
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected
      When P sends PUBLISH with:
        | Topic Name        | t     |
        | Payload           | m     |
        | QoS               | 1     |
        | Packet Identifier | 51966 |
      Then P receives PUBACK with:
        | Packet Identifier | 51966 |
      And S receives "m" on "t"

    @3.1.1/MQTT-3.3.4-1 @3.1.1/MQTT-4.3.3-2 @3.1.1/MQTT-2.3.1-6 @5.0/MQTT-3.3.4-1 @5.0/MQTT-4.3.3-8 @5.0/MQTT-4.3.3-11 @5.0/MQTT-2.2.1-5
    @needs:qos2
    Scenario: a PUBLISH of QoS 2 is answered by PUBREC, and its PUBREL by PUBCOMP, with its Packet Identifier
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name        | t     |
        | Payload           | m     |
        | QoS               | 2     |
        | Packet Identifier | 65535 |
      Then P receives PUBREC with:
        | Packet Identifier | 65535 |
      When P sends PUBREL for Packet Identifier 65535
      Then P receives PUBCOMP with:
        | Packet Identifier | 65535 |
      And S receives "m" on "t"
      And S receives no further message

  Rule: After PUBACK a PUBLISH with the same Packet Identifier is a new message

    @3.1.1/MQTT-4.3.2-2 @5.0/MQTT-4.3.2-5
    @needs:qos1
    Scenario: an identifier that was acknowledged is used again with DUP 1
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected
      And P has published:
        | Topic Name        | t     |
        | Payload           | first |
        | QoS               | 1     |
        | Packet Identifier | 7     |
      When P sends PUBLISH with:
        | Topic Name        | t      |
        | Payload           | second |
        | QoS               | 1      |
        | DUP               | 1      |
        | Packet Identifier | 7      |
      Then P receives PUBACK with:
        | Packet Identifier | 7 |
      And S receives "first" on "t"
      And S receives "second" on "t"

    @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.3.3-12
    @needs:qos2
    Scenario: an identifier whose QoS 2 exchange is complete is used again
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected
      And P has published:
        | Topic Name        | t     |
        | Payload           | first |
        | QoS               | 2     |
        | Packet Identifier | 7     |
      When P sends PUBLISH with:
        | Topic Name        | t      |
        | Payload           | second |
        | QoS               | 2      |
        | Packet Identifier | 7      |
      Then P receives PUBREC with:
        | Packet Identifier | 7 |
      When P sends PUBREL for Packet Identifier 7
      Then P receives PUBCOMP with:
        | Packet Identifier | 7 |
      And S receives "first" on "t"
      And S receives "second" on "t"
      And S receives no further message

  Rule: Before PUBREL a repeated PUBLISH gets PUBREC again and is not delivered twice

    @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.3.3-10
    @needs:qos2
    Scenario: a PUBLISH of QoS 2 is repeated before PUBREL
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 7 |
      And P has received PUBREC
      And P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | DUP               | 1 |
        | Packet Identifier | 7 |
      Then P receives PUBREC with:
        | Packet Identifier | 7 |
      When P sends PUBREL for Packet Identifier 7
      Then P receives PUBCOMP
      And S receives "m" on "t"
      And S receives no further message

    @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.3.3-10
    @needs:qos2 @needs:session-persistence
    Scenario: a PUBLISH of QoS 2 is repeated after the Session was resumed
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 7 |
      And P has received PUBREC
      And P loses its Network Connection
      And P returns to its Session
      And P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | DUP               | 1 |
        | Packet Identifier | 7 |
      Then P receives PUBREC with:
        | Packet Identifier | 7 |
      When P sends PUBREL for Packet Identifier 7
      Then P receives PUBCOMP
      And S receives "m" on "t"
      And S receives no further message

  Rule: PUBREL for an unknown Packet Identifier is answered by PUBCOMP

    @3.1.1/MQTT-4.3.3-2
    @needs:qos2
    Scenario: a PUBREL comes without a PUBLISH before
      Given P is connected
      And P has published "before" to "t" at QoS 2
      And P does not acknowledge
      When P sends PUBREL for Packet Identifier 4660
      Then P receives PUBCOMP with:
        | Packet Identifier | 4660 |

    @5.0/MQTT-4.3.3-11
    @needs:qos2
    Scenario: a PUBREL without a PUBLISH before gets PUBCOMP with 0x00 or 0x92
      Given P is connected
      And P has published "before" to "t" at QoS 2
      And P does not acknowledge
      When P sends PUBREL for Packet Identifier 4660
      Then P receives PUBCOMP with:
        | Packet Identifier | 4660         |
        | Reason Code       | 0x00 or 0x92 |

  Rule: What was not acknowledged is sent again when the Session is resumed

    @3.1.1/MQTT-4.4.0-1 @3.1.1/MQTT-4.3.2-1 @5.0/MQTT-4.4.0-1 @5.0/MQTT-4.3.2-3
    @needs:qos1 @needs:session-persistence
    Scenario: a PUBLISH of QoS 1 without PUBACK comes again
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 1
      And S has received "m" on "t"
      And S loses its Network Connection
      And S returns to its Session
      Then S receives "m" on "t" again

    @3.1.1/MQTT-3.3.1-1 @5.0/MQTT-3.3.1-1
    @needs:qos1 @needs:session-persistence
    Scenario: a PUBLISH of QoS 1 that comes again has DUP 1
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 1
      And S has received "m" on "t"
      And S loses its Network Connection
      And S returns to its Session
      And S has received "m" on "t"
      Then it has:
        | DUP | 1 |

    @3.1.1/MQTT-4.3.2-1 @5.0/MQTT-4.3.2-3 @5.0/MQTT-4.4.0-2
    @needs:qos1 @needs:session-persistence
    Scenario: a PUBLISH of QoS 1 that was acknowledged does not come again
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And P is connected
      When P publishes "m" to "t" at QoS 1
      And S has received "m" on "t"
      And everything for S has arrived
      And S loses its Network Connection
      And S returns to its Session
      Then the Session of S is present
      And S receives no message

    @3.1.1/MQTT-4.4.0-1 @3.1.1/MQTT-4.3.3-1 @5.0/MQTT-4.4.0-1 @5.0/MQTT-4.3.3-3
    @needs:qos2 @needs:session-persistence
    Scenario: a PUBLISH of QoS 2 without PUBREC comes again
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t"
      And S loses its Network Connection
      And S returns to its Session
      Then S receives "m" on "t" again

    @3.1.1/MQTT-3.3.1-1 @5.0/MQTT-3.3.1-1
    @needs:qos2 @needs:session-persistence
    Scenario: a PUBLISH of QoS 2 that comes again has DUP 1
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t"
      And S loses its Network Connection
      And S returns to its Session
      And S has received "m" on "t"
      Then it has:
        | DUP | 1 |

    @3.1.1/MQTT-4.4.0-1 @3.1.1/MQTT-4.3.3-1 @5.0/MQTT-4.4.0-1 @5.0/MQTT-4.3.3-5 @5.0/MQTT-4.3.3-6
    @needs:qos2 @needs:session-persistence
    Scenario: after PUBREC only the PUBREL comes again
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t"
      And S sends PUBREC for that message
      And S has received PUBREL
      And S loses its Network Connection
      And S returns to its Session
      Then S receives PUBREL
      And S receives no message

    @3.1.1/MQTT-4.3.3-1 @5.0/MQTT-4.3.3-4
    @needs:qos2
    Scenario: PUBREC is answered by PUBREL
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t" at QoS 2
      And S sends PUBREC for that message
      Then S receives PUBREL

    @5.0/MQTT-4.3.3-4 @5.0/MQTT-4.4.0-2
    @needs:qos2
    Scenario: PUBREC with a failure is not answered by PUBREL
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t" at QoS 2
      And S sends PUBREC with Reason Code 0x80 for that message
      Then S receives no PUBREL

    @5.0/MQTT-4.4.0-2
    @needs:qos1 @needs:session-persistence
    Scenario: a PUBLISH that was refused by PUBACK 0x80 does not come again
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 1
      And S has received "m" on "t"
      And S sends PUBACK with Reason Code 0x80 for that message
      And everything for S has arrived
      And S loses its Network Connection
      And S returns to its Session
      Then the Session of S is present
      And S receives no message

  Rule: DUP is not passed on

    @3.1.1/MQTT-3.3.1-3 @5.0/MQTT-3.3.1-3
    @needs:qos1
    Scenario: the subscriber gets DUP 0 although the publisher sent DUP 1
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected
      When P publishes:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 1 |
        | DUP        | 1 |
      Then S receives "m" on "t"
      And it has:
        | DUP | 0 |

  Rule: Messages of one publisher, topic and QoS keep their order

    @3.1.1/MQTT-4.6.0-5 @3.1.1/MQTT-4.6.0-6 @5.0/MQTT-4.6.0-5 @5.0/MQTT-4.6.0-6
    @needs:qos1 @needs:qos2
    Scenario Outline: eight messages of QoS <qos> arrive in order
      Given S is connected
      And S is subscribed to "t" at QoS <qos>
      And P is connected
      When P publishes 8 messages to "t" at QoS <qos>
      Then S receives on "t" in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |
        | 5 |
        | 6 |
        | 7 |
        | 8 |

      Examples:
        | qos |
        | 0   |
        | 1   |
        | 2   |

  Rule: A message is kept for a Client that is away

    @3.1.1/MQTT-3.1.2-5 @3.1.1/MQTT-4.5.0-1 @5.0/MQTT-4.5.0-1 @5.0/MQTT-3.1.2-5
    @needs:qos1 @needs:qos2 @needs:session-persistence
    Scenario Outline: a message of QoS <qos> waits for the return of its subscriber
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS <qos>
      And S has lost its Network Connection
      And P is connected
      When P publishes "m" to "t" at QoS <qos>
      And S returns to its Session
      Then the Session of S is present
      And S receives "m" on "t" at QoS <qos>

      Examples:
        | qos |
        | 1   |
        | 2   |

    @3.1.1/MQTT-4.5.0-1 @5.0/MQTT-4.5.0-1
    Scenario: every subscriber gets the message
      Given S1 is connected
      And S1 is subscribed to "t" at QoS 0
      And S2 is connected
      And S2 is subscribed to "t" at QoS 0
      And P is connected
      When P publishes "m" to "t" at QoS 0
      Then S1 receives "m" on "t"
      And S2 receives "m" on "t"

  Rule: At the Receive Maximum the Server sends no further PUBLISH, but everything else

    @5.0/MQTT-3.3.4-9 @5.0/MQTT-4.9.0-1 @5.0/MQTT-4.9.0-2 @5.0/MQTT-3.3.4-10 @5.0/MQTT-4.9.0-3
    @needs:qos1
    Scenario: two messages are unacknowledged at Receive Maximum 2
      Given S is connected with:
        | Receive Maximum | 2 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes 4 messages to "t" at QoS 1
      And S has received "1" on "t"
      And S has received "2" on "t"
      Then S receives no further message
      When S sends PINGREQ
      Then S receives PINGRESP
      When S sends PUBACK for that message
      Then S receives "3" on "t"
      And S receives no further message

    @5.0/MQTT-4.9.0-2
    @needs:qos2
    Scenario: a PUBREC does not give the quota back, a PUBCOMP does
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 2 messages to "t" at QoS 2
      And S has received "1" on "t" at QoS 2
      And S sends PUBREC for that message
      Then S receives PUBREL
      And S receives no message
      When S sends PUBCOMP for that message
      Then S receives "2" on "t"
