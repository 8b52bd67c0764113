Feature: The beginning of a Network Connection

  @3.1.1/MQTT-3.1.0-1 @3.1.1/MQTT-4.8.0-1 @5.0/MQTT-3.1.0-1 @5.0/MQTT-4.13.1-1
  Rule: The first packet from the Client is CONNECT

    Scenario: PINGREQ before CONNECT closes the Network Connection
      Given B is connected
      When A opens a Network Connection
      And A sends PINGREQ
      Then the Server closes the Network Connection of A

  @3.1.1/MQTT-3.1.3-6 @5.0/MQTT-3.1.3-6 @5.0/MQTT-3.2.2-16
  Rule: A Client Identifier that the Server assigns is no other Client's

    @needs:empty-client-id
    Scenario: two Clients without Client Identifier stay connected side by side
      Given A is connected with:
        | Client Identifier |  |
      And B is connected with:
        | Client Identifier |  |
      Then the Network Connection of A stays open
      And the Network Connection of B stays open
