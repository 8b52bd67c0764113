Feature: CONNECT

  @3.1.1/MQTT-3.1.4-4 @5.0/MQTT-3.1.4-5
  Rule: A valid CONNECT is accepted

    Scenario: a plain CONNECT is accepted
      When A sends CONNECT
      Then A receives CONNACK with:
        | Reason Code     | 0x00 |
        | Session Present | 0    |

  @3.1.1/MQTT-3.1.0-2 @5.0/MQTT-3.1.0-2
  Rule: A second CONNECT on one Network Connection is an error

    Scenario: a second CONNECT closes the Network Connection
      Given A is connected
      When A sends CONNECT again
      Then the Server closes the Network Connection of A
      And A receives no CONNACK
