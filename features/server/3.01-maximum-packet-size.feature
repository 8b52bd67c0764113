Feature: Messages at the Maximum Packet Size of their subscriber

  Rule: A message that is too large for its subscriber counts as delivered

    @5.0/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-25
    Scenario: a PUBLISH of exactly the Maximum Packet Size comes, one of a byte more does not
      Given S is connected with:
        | Maximum Packet Size | 120 |
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P sends a PUBLISH of 121 bytes to "t"
      And P sends a PUBLISH of 120 bytes to "t"
      Then S receives a message on "t" [5.0/MQTT-3.1.2-25]
      And no packet to S is larger than 120 bytes [5.0/MQTT-3.1.2-24]
      And S receives no further message [5.0/MQTT-3.1.2-24]

    @5.0/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-25
    Scenario: a Topic Alias neither makes a PUBLISH larger than the Maximum Packet Size nor keeps one away that fits without
      Given S is connected with:
        | Maximum Packet Size | 120 |
        | Topic Alias Maximum | 5   |
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P sends a PUBLISH of 121 bytes to "t"
      And P sends a PUBLISH of 120 bytes to "t"
      Then S receives a message on "t" [5.0/MQTT-3.1.2-25]
      And no packet to S is larger than 120 bytes [5.0/MQTT-3.1.2-24]
      And S receives no further message [5.0/MQTT-3.1.2-24]

    @5.0/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-25 @5.0/MQTT-3.3.2-17
    @needs:qos1
    Scenario: a message that would fit without its User Properties is left out
      Given S is connected with:
        | Maximum Packet Size | 120 |
      And S is subscribed to "t" at QoS 1
      And P is connected
      When P publishes:
        | Topic Name    | t                                                                          |
        | Payload       | large                                                                      |
        | QoS           | 1                                                                          |
        | User Property | first = ..........................................................          |
        | User Property | second = ..........................................................         |
      And P publishes "small" to "t" at QoS 1
      Then S receives "small" on "t" [5.0/MQTT-3.1.2-25, 5.0/MQTT-3.3.2-17]
      And S receives no further message [5.0/MQTT-3.1.2-24, 5.0/MQTT-3.3.2-17]

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
      Then S receives "small" on "u" [5.0/MQTT-3.1.2-25]
      And S receives no further message [5.0/MQTT-3.1.2-24]

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
      Then S receives "small" on "t" [5.0/MQTT-3.1.2-25]
      And S receives no further message [5.0/MQTT-3.1.2-24]
