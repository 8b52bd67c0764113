Feature: Reason Strings and User Properties of the Server

  @server:remarks
  Rule: They are left out where they would take a packet above the Client's Maximum Packet Size

    @5.0/MQTT-3.2.2-19 @5.0/MQTT-3.2.2-20
    Scenario: a Client with a small Maximum Packet Size gets CONNACK without them
      When B sends CONNECT
      And B has received CONNACK with:
        | Reason String | present |
        | User Property | present |
      And C sends CONNECT with:
        | Maximum Packet Size | 60 |
      And A sends CONNECT with:
        | Maximum Packet Size | 40 |
      Then A receives CONNACK with:
        | Reason Code | 0x00 |
      And no packet to A is larger than 40 bytes
      And C receives CONNACK
      And no packet to C is larger than 60 bytes

    @5.0/MQTT-3.4.2-2 @5.0/MQTT-3.4.2-3
    @needs:qos1
    Scenario: a Client with a small Maximum Packet Size gets PUBACK without them
      Given B is connected
      And A is connected with:
        | Maximum Packet Size | 40 |
      And C is connected with:
        | Maximum Packet Size | 60 |
      When B sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 1 |
        | Packet Identifier | 700 |
      And B has received PUBACK with:
        | Reason String | present |
        | User Property | present |
      And C sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 1 |
        | Packet Identifier | 700 |
      And A sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 1 |
        | Packet Identifier | 700 |
      Then A receives PUBACK
      And no packet to A is larger than 40 bytes
      And C receives PUBACK
      And no packet to C is larger than 60 bytes

    @5.0/MQTT-3.5.2-2 @5.0/MQTT-3.5.2-3
    @needs:qos2
    Scenario: a Client with a small Maximum Packet Size gets PUBREC without them
      Given B is connected
      And A is connected with:
        | Maximum Packet Size | 40 |
      And C is connected with:
        | Maximum Packet Size | 60 |
      When B sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      And B has received PUBREC with:
        | Reason String | present |
        | User Property | present |
      And C sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      And A sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      Then A receives PUBREC
      And no packet to A is larger than 40 bytes
      And C receives PUBREC
      And no packet to C is larger than 60 bytes

    @5.0/MQTT-3.7.2-2 @5.0/MQTT-3.7.2-3
    @needs:qos2
    Scenario: a Client with a small Maximum Packet Size gets PUBCOMP without them
      Given B is connected
      And A is connected with:
        | Maximum Packet Size | 40 |
      And C is connected with:
        | Maximum Packet Size | 60 |
      When B sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      And B has received PUBCOMP with:
        | Reason String | present |
        | User Property | present |
      And C sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      And A sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      Then A receives PUBCOMP
      And no packet to A is larger than 40 bytes
      And C receives PUBCOMP
      And no packet to C is larger than 60 bytes

    @5.0/MQTT-3.6.2-2 @5.0/MQTT-3.6.2-3
    @needs:qos2
    Scenario: a Client with a small Maximum Packet Size gets PUBREL without them
      Given B is connected
      And B is subscribed to "t" at QoS 2
      And A is connected with:
        | Maximum Packet Size | 40 |
      And C is connected with:
        | Maximum Packet Size | 60 |
      And A is subscribed to "t" at QoS 2
      And C is subscribed to "t" at QoS 2
      And P is connected
      When P publishes "n" to "t" at QoS 2
      And B has received PUBREL with:
        | Reason String | present |
        | User Property | present |
      Then A receives PUBREL
      And no packet to A is larger than 40 bytes
      And C receives PUBREL
      And no packet to C is larger than 60 bytes

    @5.0/MQTT-3.9.2-1 @5.0/MQTT-3.9.2-2
    Scenario: a Client with a small Maximum Packet Size gets SUBACK without them
      Given B is connected
      And A is connected with:
        | Maximum Packet Size | 40 |
      And C is connected with:
        | Maximum Packet Size | 60 |
      When B sends SUBSCRIBE 900 to:
        | t | 0 |
      And B has received SUBACK with:
        | Reason String | present |
        | User Property | present |
      And C sends SUBSCRIBE 900 to:
        | t | 0 |
      And A sends SUBSCRIBE 900 to:
        | t | 0 |
      Then A receives SUBACK
      And no packet to A is larger than 40 bytes
      And C receives SUBACK
      And no packet to C is larger than 60 bytes

    @5.0/MQTT-3.11.2-1 @5.0/MQTT-3.11.2-2
    Scenario: a Client with a small Maximum Packet Size gets UNSUBACK without them
      Given B is connected
      And A is connected with:
        | Maximum Packet Size | 40 |
      And C is connected with:
        | Maximum Packet Size | 60 |
      When B sends UNSUBSCRIBE 900 from:
        | t |
      And B has received UNSUBACK with:
        | Reason String | present |
        | User Property | present |
      And C sends UNSUBSCRIBE 900 from:
        | t |
      And A sends UNSUBSCRIBE 900 from:
        | t |
      Then A receives UNSUBACK
      And no packet to A is larger than 40 bytes
      And C receives UNSUBACK
      And no packet to C is larger than 60 bytes

    @5.0/MQTT-3.14.2-3 @5.0/MQTT-3.14.2-4
    Scenario: a Client with a small Maximum Packet Size gets DISCONNECT without them
      Given B is connected
      And A is connected with:
        | Maximum Packet Size | 40 |
      And C is connected with:
        | Maximum Packet Size | 60 |
      And D uses the Client Identifier of B
      And E uses the Client Identifier of A
      And F uses the Client Identifier of C
      When D connects
      And B has received DISCONNECT with:
        | Reason String | present |
        | User Property | present |
      And E connects
      And F connects
      Then the Server closes the Network Connection of A
      And no packet to A is larger than 40 bytes
      And the Server closes the Network Connection of C
      And no packet to C is larger than 60 bytes

    @5.0/MQTT-3.15.2-2 @5.0/MQTT-3.15.2-3
    Scenario: a Client with a small Maximum Packet Size gets AUTH without them
      When B begins SCRAM-SHA-256 as "writer" with the password "secret"
      And B has received AUTH with:
        | Reason String | present |
        | User Property | present |
      And C begins SCRAM-SHA-256 as "writer" with the password "secret" and with:
        | Maximum Packet Size | 250 |
      And A begins SCRAM-SHA-256 as "writer" with the password "secret" and with:
        | Maximum Packet Size | 160 |
      Then A receives AUTH
      And no packet to A is larger than 160 bytes
      And C receives AUTH
      And no packet to C is larger than 250 bytes

  @server:remarks
  Rule: They are in no acknowledgement and no AUTH for a Client that wants no problem information

    @5.0/MQTT-3.1.2-29
    @needs:qos1
    Scenario: PUBACK without problem information
      Given B is connected
      And A is connected with:
        | Request Problem Information | 0 |
      When B sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 1 |
        | Packet Identifier | 700 |
      And B has received PUBACK with:
        | Reason String | present |
        | User Property | present |
      And A sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 1 |
        | Packet Identifier | 700 |
      Then A receives PUBACK with:
        | Reason String | absent |
        | User Property | absent |

    @5.0/MQTT-3.1.2-29
    @needs:qos2
    Scenario: PUBREC without problem information
      Given B is connected
      And A is connected with:
        | Request Problem Information | 0 |
      When B sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      And B has received PUBREC with:
        | Reason String | present |
        | User Property | present |
      And A sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      Then A receives PUBREC with:
        | Reason String | absent |
        | User Property | absent |

    @5.0/MQTT-3.1.2-29
    @needs:qos2
    Scenario: PUBCOMP without problem information
      Given B is connected
      And A is connected with:
        | Request Problem Information | 0 |
      When B sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      And B has received PUBCOMP with:
        | Reason String | present |
        | User Property | present |
      And A sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 700 |
      Then A receives PUBCOMP with:
        | Reason String | absent |
        | User Property | absent |

    @5.0/MQTT-3.1.2-29
    Scenario: SUBACK without problem information
      Given B is connected
      And A is connected with:
        | Request Problem Information | 0 |
      When B sends SUBSCRIBE 900 to:
        | t | 0 |
      And B has received SUBACK with:
        | Reason String | present |
        | User Property | present |
      And A sends SUBSCRIBE 900 to:
        | t | 0 |
      Then A receives SUBACK with:
        | Reason String | absent |
        | User Property | absent |

    @5.0/MQTT-3.1.2-29
    Scenario: UNSUBACK without problem information
      Given B is connected
      And A is connected with:
        | Request Problem Information | 0 |
      When B sends UNSUBSCRIBE 900 from:
        | t |
      And B has received UNSUBACK with:
        | Reason String | present |
        | User Property | present |
      And A sends UNSUBSCRIBE 900 from:
        | t |
      Then A receives UNSUBACK with:
        | Reason String | absent |
        | User Property | absent |

    @5.0/MQTT-3.1.2-29
    Scenario: AUTH without problem information
      When B begins SCRAM-SHA-256 as "writer" with the password "secret"
      And B has received AUTH with:
        | Reason String | present |
        | User Property | present |
      And A begins SCRAM-SHA-256 as "writer" with the password "secret" and with:
        | Request Problem Information | 0 |
      Then A receives AUTH with:
        | Reason String | absent |
        | User Property | absent |
