Feature: Keep Alive

  Rule: Keep Alive 0 switches the mechanism off

    @3.1.1/RULE-3.1.2.10-zero-switches-off @5.0/RULE-3.1.2.10-zero-switches-off
    Scenario: a silent Client with Keep Alive 0 stays connected
      Given A is connected with:
        | Keep Alive | 0 |
      When 3.0 seconds pass
      Then the Network Connection of A stays open

  Rule: Any packet from the Client counts

    @3.1.1/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-22
    Scenario: a Client that publishes in time stays connected without PINGREQ
      Given A is connected with:
        | Keep Alive | 1 |
      When 0.8 seconds pass
      And A publishes "1" to "t" at QoS 1
      And 0.8 seconds pass
      And A publishes "2" to "t" at QoS 1
      And 0.8 seconds pass
      Then the Network Connection of A stays open

    @3.1.1/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-22
    Scenario: packets to the Client do not count
      Given A is connected with:
        | Keep Alive | 1 |
      And A is subscribed to "t" at QoS 0
      And P is connected
      When 0.7 seconds pass
      And P publishes "1" to "t" at QoS 0
      And 0.7 seconds pass
      And P publishes "2" to "t" at QoS 0
      Then the Server closes the Network Connection of A, due after 1.5 seconds

  Rule: The Server Keep Alive replaces that of the Client

    @5.0/MQTT-3.1.2-22
    @server:server-keep-alive-2
    Scenario: a Client that is silent for one and a half times the Server Keep Alive is closed
      Given A is connected with:
        | Keep Alive | 60 |
      Then the CONNACK of A has:
        | Server Keep Alive | 2 |
      And the Server closes the Network Connection of A, due after 3.0 seconds
