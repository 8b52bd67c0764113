Feature: Maximum Packet Size and Problem Information

  Rule: The Server sends nothing larger than the Client takes

    @5.0/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-25
    @needs:qos1
    Scenario: a message that is too large for a Client is left out, and the next one comes
      Given S is connected with:
        | Maximum Packet Size | 100 |
      And S is subscribed to "t" at QoS 1
      And P is connected
      When P publishes:
        | Topic Name | t         |
        | Payload    | 200 bytes |
        | QoS        | 1         |
      And P publishes "small" to "t" at QoS 1
      Then S receives "small" on "t" [5.0/MQTT-3.1.2-25]
      And S receives no further message [5.0/MQTT-3.1.2-24]
      And the Network Connection of S stays open [5.0/MQTT-3.1.2-25]

    @5.0/MQTT-3.1.2-25
    @needs:qos1 @needs:session-persistence
    Scenario: a message that was left out does not come when the Session is resumed
      Given S is connected and its Session is kept, with:
        | Maximum Packet Size | 100 |
      And S is subscribed to "t" at QoS 1
      And P is connected
      When P publishes:
        | Topic Name | t         |
        | Payload    | 200 bytes |
        | QoS        | 1         |
      And everything for S has arrived
      And S loses its Network Connection
      And S returns to its Session
      Then the Session of S is present
      And S receives no message

    @5.0/MQTT-3.1.2-25
    @needs:qos1
    Scenario: a message that is too large for one subscriber reaches the other
      Given S is connected with:
        | Maximum Packet Size | 100 |
      And S is subscribed to "t" at QoS 1
      And N is connected
      And N is subscribed to "t" at QoS 1
      And P is connected
      When P publishes:
        | Topic Name | t         |
        | Payload    | 200 bytes |
        | QoS        | 1         |
      Then N receives "200 bytes" on "t"
      And S receives no message

  Rule: Acknowledgements have no problem information for a Client that does not want it

    @5.0/MQTT-3.1.2-29
    Scenario: acknowledgements come without Reason String and User Property
      Given A is connected with:
        | Request Problem Information | 0 |
      When A sends UNSUBSCRIBE 899 from:
        | never/subscribed |
      Then A receives UNSUBACK with:
        | Reason String | absent |
        | User Property | absent |
      When A publishes "m" to "nobody/listens" at QoS 1
      And A sends SUBSCRIBE 900 to:
        | t | 0 |
      Then A receives SUBACK with:
        | Packet Identifier | 900    |
        | Reason String     | absent |
        | User Property     | absent |

    @5.0/MQTT-3.1.2-28
    Scenario: there is no Response Information for a Client that did not request it
      Given A is connected with:
        | Request Response Information | 0 |
      Then the CONNACK of A has:
        | Response Information | absent |
