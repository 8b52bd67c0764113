Feature: What a Server with limits does with PUBLISH

  Rule: A Server without limits in its CONNACK has none

    @5.0/RULE-3.2.2.3.4-absent-means-2 @5.0/MQTT-3.2.2-9
    @needs:qos1 @needs:qos2
    Scenario Outline: a message of QoS <qos> is taken to the end and delivered
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected
      Then P can publish "m" to "t" at QoS <qos>
      And S receives "m" on "t" at QoS <qos>

      Examples:
        | qos |
        | 1   |
        | 2   |

  Rule: A PUBLISH above the Maximum QoS is an error

    @5.0/RULE-3.2.2.3.4-above-maximum-qos @5.0/MQTT-4.13.1-1
    Scenario Outline: a message of QoS <qos> at Maximum QoS <maximum> closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      And P has published "good" to "t" at QoS <maximum>
      And S has received "good" on "t"
      When P sends the erroneous PUBLISH with:
        | Topic Name | t     |
        | Payload    | bad   |
        | QoS        | <qos> |
      Then the Server closes the Network Connection of P
      And S receives no message

      @server:maximum-qos-0
      Examples:
        | maximum | qos |
        | 0       | 1   |
        | 0       | 2   |

      @server:maximum-qos-1
      Examples:
        | maximum | qos |
        | 1       | 2   |

    @5.0/SHOULD-3.2.2.3.4-will-qos-code @server:maximum-qos-1
    Scenario: a Will above the Maximum QoS should be refused with 0x9B
      Given B is connected
      When A sends CONNECT with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will QoS     | 2    |
      Then the Server should refuse with CONNACK 0x9B to A

  Rule: RETAIN 1 is an error where nothing is retained

    @5.0/RULE-3.2.2.3.5-retain-not-available @5.0/MQTT-4.13.1-1
    @server:no-retain
    Scenario: RETAIN 1 closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      And P has published "good" to "t" at QoS 0
      And S has received "good" on "t"
      When P sends the erroneous PUBLISH with:
        | Topic Name | t   |
        | Payload    | bad |
        | RETAIN     | 1   |
      Then the Server closes the Network Connection of P
      And S receives no message

    @5.0/SHOULD-3.2.2.3.5-retain-code @server:no-retain
    Scenario: RETAIN 1 should be answered by DISCONNECT 0x9A
      Given P is connected
      And P has published "good" to "t" at QoS 0
      When P sends the erroneous PUBLISH with:
        | Topic Name | t   |
        | Payload    | bad |
        | RETAIN     | 1   |
      Then the Server should send DISCONNECT 0x9A to P

    @5.0/SHOULD-3.2.2.3.5-will-retain-code @server:no-retain
    Scenario: a Will with RETAIN 1 should be refused with 0x9A
      Given B is connected
      When A sends CONNECT with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will Retain  | 1    |
      Then the Server should refuse with CONNACK 0x9A to A

  Rule: A packet above the Server's Maximum Packet Size is an error

    @5.0/RULE-3.2.2.3.6-packet-too-large @5.0/MQTT-4.13.1-1
    @server:maximum-packet-size-256
    Scenario: a PUBLISH of 257 bytes closes the Network Connection, one of 256 bytes does not
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P sends a PUBLISH of 256 bytes to "t"
      Then S receives a message on "t"
      When P sends a PUBLISH of 257 bytes to "t", which is too large
      Then the Server closes the Network Connection of P
      And S receives no message

  Rule: A message that is too large for its subscriber counts as delivered

    @5.0/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-25
    Scenario: a PUBLISH of exactly the Maximum Packet Size comes, one of a byte more does not
      Given S is connected with:
        | Maximum Packet Size | 120 |
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P sends a PUBLISH of 121 bytes to "t"
      And P sends a PUBLISH of 120 bytes to "t"
      Then S receives a message on "t"
      And S receives no further message

    @5.0/MQTT-3.1.2-25
    @needs:qos1 @needs:qos2
    Scenario Outline: a message of QoS <qos> that is too large takes no quota
      Given S is connected with:
        | Maximum Packet Size | 100 |
        | Receive Maximum     | 1   |
      And S is subscribed to "t" at QoS <qos>
      And S does not acknowledge
      And P is connected
      When P publishes:
        | Topic Name | t         |
        | Payload    | 200 bytes |
        | QoS        | <qos>     |
      And P publishes "small" to "t" at QoS <qos>
      Then S receives "small" on "t" at QoS <qos>

      Examples:
        | qos |
        | 1   |
        | 2   |

    @5.0/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-25
    @needs:retain @needs:qos1
    Scenario: a retained message that is too large is left out
      Given P is connected
      And P has retained "200 bytes" on "t" at QoS 1
      And P has retained "small" on "u" at QoS 1
      And S is connected with:
        | Maximum Packet Size | 100 |
      When S subscribes to "t" at QoS 1
      And S subscribes to "u" at QoS 1
      Then S receives "small" on "u"
      And S receives no further message

    @5.0/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-25
    @needs:qos1 @needs:session-persistence
    Scenario: a message that waited is left out if the Client takes only smaller ones now
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      And P has published:
        | Topic Name | t         |
        | Payload    | 200 bytes |
        | QoS        | 1         |
      And P has published "small" to "t" at QoS 1
      When S returns to its Session with:
        | Maximum Packet Size | 100 |
      Then S receives "small" on "t"
      And S receives no further message
