Feature: Flow control under hardship

  Rule: A new Network Connection begins with the whole quota

    @5.0/MQTT-4.9.0-1
    @needs:qos2 @needs:session-persistence
    Scenario: the quota of the subscriber is used up when it is lost
      Given S is connected and its Session is kept, with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 2
      And P is connected
      And the network cuts S off before its PUBCOMP reaches the Server
      When P publishes 3 messages to "t" at QoS 2
      And S has been cut off
      And S returns to its Session with:
        | Receive Maximum | 1 |
      Then S has got on "t", each exactly once and in order:
        | 1 |
        | 2 |
        | 3 |

    @5.0/MQTT-3.3.4-9
    @needs:qos1 @needs:session-persistence
    Scenario: the quota holds for what is delivered again
      Given S is connected and its Session is kept, with:
        | Receive Maximum | 3 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes 3 messages to "t" at QoS 1
      And S has received "3" on "t"
      And S loses its Network Connection
      And S returns to its Session with:
        | Receive Maximum | 1 |
      And S has received "1" on "t"
      Then S receives no further message

  Rule: At the end of the quota everything else goes on

    @5.0/MQTT-4.9.0-3
    @needs:qos1
    Scenario: PING and SUBSCRIBE are answered while nothing may be sent
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      And P has published 2 messages to "t" at QoS 1
      And S has received "1" on "t"
      When S sends PINGREQ
      And S sends SUBSCRIBE 9 to "u" with:
        | QoS | 0 |
      Then S receives PINGRESP
      And S receives SUBACK with:
        | Packet Identifier | 9 |
