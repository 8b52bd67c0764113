Feature: QoS exchanges and what does not end them

  Rule: A message that is sent for the first time has DUP 0

    @5.0/MQTT-4.3.2-2 @5.0/MQTT-4.3.3-2 @3.1.1/MQTT-4.3.2-1 @3.1.1/MQTT-4.3.3-1
    @needs:qos1 @needs:qos2
    Scenario Outline: the first PUBLISH of QoS <qos> has DUP 0
      Given S is connected
      And S is subscribed to "t" at QoS <qos>
      And P is connected
      When P publishes "m" to "t" at QoS <qos>
      Then S receives "m" on "t" at QoS <qos>
      And it has:
        | DUP               | 0          |
        | Packet Identifier | 1 to 65535 |

      Examples:
        | qos |
        | 1   |
        | 2   |

  Rule: Expiry does not touch an exchange that has begun

    @5.0/MQTT-4.3.3-7
    @needs:qos2 @needs:session-persistence
    Scenario: a PUBLISH of QoS 2 that was sent once is repeated after its message has expired
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes:
        | Topic Name              | t |
        | Payload                 | m |
        | QoS                     | 2 |
        | Message Expiry Interval | 1 |
      And S has received "m" on "t" at QoS 2
      And S loses its Network Connection
      And 2.5 seconds pass
      And S returns to its Session
      Then S receives "m" on "t"

    @5.0/MQTT-4.3.3-13
    @needs:qos2
    Scenario: the exchange goes on after the message has expired
      Given P is connected
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name              | t |
        | Payload                 | m |
        | QoS                     | 2 |
        | Packet Identifier       | 9 |
        | Message Expiry Interval | 1 |
      And P has received PUBREC
      And 2.0 seconds pass
      And P sends PUBREL for Packet Identifier 9
      Then P receives PUBCOMP with:
        | Packet Identifier | 9 |

  Rule: Session State stays while the Network Connection is open

    @3.1.1/MQTT-4.1.0-2 @5.0/MQTT-4.1.0-1
    Scenario: a Subscription outlives the Session Expiry Interval while the Client is connected
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected
      When 2.0 seconds pass
      And P publishes "m" to "t" at QoS 1
      Then S receives "m" on "t"

  Rule: U+FEFF is an ordinary character

    @3.1.1/MQTT-1.5.3-3 @5.0/MQTT-1.5.4-3
    Scenario: a topic with U+FEFF is not the topic without it
      Given S is connected
      And S is subscribed to "a/\u{FEFF}x" at QoS 0
      And N is connected
      And N is subscribed to "a/x" at QoS 0
      And P is connected
      When P publishes:
        | Topic Name | a/\\u{FEFF}x |
        | Payload    | m           |
      Then S receives "m" on "a/\u{FEFF}x"
      And N receives no message

  Rule: Packet types that are reserved close the Network Connection

    @3.1.1/MQTT-4.8.0-1
    Scenario Outline: the bytes <bytes> close the Network Connection
      Given A is connected
      When A sends PINGREQ
      And A has received PINGRESP
      And A sends the bytes "<bytes>"
      Then the Server closes the Network Connection of A

      Examples:
        | bytes |
        | 00 00 |
        | F0 00 |
