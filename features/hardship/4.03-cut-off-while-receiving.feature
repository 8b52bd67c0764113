Feature: A subscriber is cut off in the midst of an exchange

  Rule: A message of QoS 2 reaches its subscriber exactly once, wherever their exchange was cut

    @3.1.1/MQTT-4.3.3-1 @3.1.1/MQTT-4.4.0-1 @3.1.1/MQTT-3.1.2-4 @5.0/MQTT-4.3.3-3 @5.0/MQTT-4.3.3-5 @5.0/MQTT-4.4.0-1 @5.0/MQTT-3.1.2-5
    @needs:qos2 @needs:session-persistence
    Scenario Outline: the subscriber to a QoS 2 message is cut off <where>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And P is connected
      And the network cuts S off <where>
      When P publishes "m" to "t" at QoS 2
      And S has been cut off
      And S returns to its Session
      Then the Session of S is present
      And S has got "m" on "t" exactly once
      When S loses its Network Connection
      And S returns to its Session
      Then S receives no PUBREL
      And S has got "m" on "t" exactly once

      Examples:
        | where                                 |
        | before PUBLISH reaches it             |
        | after PUBLISH has reached it          |
        | before its PUBREC reaches the Server  |
        | after 1 bytes of its PUBREC           |
        | after its PUBREC                      |
        | before PUBREL reaches it              |
        | after PUBREL has reached it           |
        | before its PUBCOMP reaches the Server |
        | after 3 bytes of its PUBCOMP          |
        | after its PUBCOMP                     |

  Rule: A message of QoS 1 reaches its subscriber at least once, wherever their exchange was cut

    @3.1.1/MQTT-4.3.2-1 @3.1.1/MQTT-4.4.0-1 @3.1.1/MQTT-3.1.2-4 @5.0/MQTT-4.3.2-3 @5.0/MQTT-4.4.0-1 @5.0/MQTT-3.1.2-5
    @needs:qos1 @needs:session-persistence
    Scenario Outline: the subscriber to a QoS 1 message is cut off <where>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And P is connected
      And the network cuts S off <where>
      When P publishes "m" to "t" at QoS 1
      And S has been cut off
      And S returns to its Session
      Then the Session of S is present
      And S receives "m" on "t"

      Examples:
        | where                                |
        | before PUBLISH reaches it            |
        | after PUBLISH has reached it         |
        | before its PUBACK reaches the Server |
        | after 3 bytes of its PUBACK          |

  Rule: Messages that were published meanwhile come after those that were under way

    @3.1.1/MQTT-4.6.0-6 @3.1.1/MQTT-3.1.2-5 @5.0/MQTT-4.6.0-5 @5.0/MQTT-3.1.2-5
    @needs:qos2 @needs:session-persistence
    Scenario Outline: messages go on while the subscriber is cut off <where>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And P is connected
      And the network cuts S off <where>
      When P publishes "1" to "t" at QoS 2
      And S has been cut off
      And P publishes "2" to "t" at QoS 2
      And P publishes "3" to "t" at QoS 2
      And S returns to its Session
      Then S has got on "t", each exactly once and in order:
        | 1 |
        | 2 |
        | 3 |

      Examples:
        | where                                 |
        | before PUBLISH reaches it             |
        | before its PUBREC reaches the Server  |
        | before PUBREL reaches it              |
        | before its PUBCOMP reaches the Server |

  Rule: A subscriber that is cut off at every step gets the message once

    @3.1.1/MQTT-4.3.3-1 @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.3.3-3 @5.0/MQTT-4.3.3-5 @5.0/MQTT-4.4.0-1
    @needs:qos2 @needs:session-persistence
    Scenario: an exchange that is cut before each packet of the Server
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And P is connected
      And the network cuts S off before PUBLISH reaches it
      When P publishes "m" to "t" at QoS 2
      And S has been cut off
      And the network cuts S off after PUBLISH has reached it
      And S returns to its Session
      And S has been cut off
      And the network cuts S off before PUBREL reaches it
      And S returns to its Session
      And S has been cut off
      And the network cuts S off before its PUBCOMP reaches the Server
      And S returns to its Session
      And S has been cut off
      And S returns to its Session
      Then S has got "m" on "t" exactly once
