Feature: PINGREQ and DISCONNECT

  @3.1.1/MQTT-3.12.4-1 @5.0/MQTT-3.12.4-1
  Rule: PINGREQ is answered by PINGRESP

    Scenario: a PINGREQ is answered
      Given A is connected
      When A sends PINGREQ
      Then A receives PINGRESP

  Rule: Reserved flags are checked

    @3.1.1/MQTT-2.2.2-2
    Scenario: a PINGREQ with a flag set closes the Network Connection
      Given A is connected
      When A sends PINGREQ
      And A has received PINGRESP
      And A sends PINGREQ in which:
        | Flags | 1 |
      Then the Server closes the Network Connection of A

    @3.1.1/MQTT-3.14.1-1 @3.1.1/MQTT-2.2.2-2 @5.0/MQTT-3.14.1-1
    Scenario: a DISCONNECT with a flag set is none, so that the Will is published
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W sends DISCONNECT in which:
        | Flags | 1 |
      Then the Server closes the Network Connection of W
      And O receives "gone" on "will"

    @3.1.1/MQTT-3.8.1-1 @5.0/MQTT-3.8.1-1
    Scenario: a SUBSCRIBE with wrong flags closes the Network Connection
      Given A is connected
      And A is subscribed to "t" at QoS 0
      When A sends SUBSCRIBE in which:
        | Flags | 0 |
      Then the Server closes the Network Connection of A
      And A receives no SUBACK

    @3.1.1/MQTT-3.10.1-1 @5.0/MQTT-3.10.1-1
    Scenario: an UNSUBSCRIBE with wrong flags closes the Network Connection
      Given A is connected
      And A is subscribed to "t" at QoS 0
      When A unsubscribes from "t"
      And A sends UNSUBSCRIBE in which:
        | Flags | 0 |
      Then the Server closes the Network Connection of A
      And A receives no UNSUBACK

    @3.1.1/MQTT-3.6.1-1 @5.0/MQTT-3.6.1-1
    @needs:qos2
    Scenario: a PUBREL with wrong flags closes the Network Connection
      Given A is connected
      And A has published "m" to "t" at QoS 2
      When A sends PUBREL in which:
        | Flags | 0 |
      Then the Server closes the Network Connection of A

    @3.1.1/MQTT-3.3.1-4 @5.0/MQTT-4.13.1-1
    Scenario: a PUBLISH with QoS 3 closes the Network Connection
      Given A is connected
      And A has published "m" to "t" at QoS 1
      When A sends PUBLISH of QoS 1 in which:
        | Flags | 6 |
      Then the Server closes the Network Connection of A
