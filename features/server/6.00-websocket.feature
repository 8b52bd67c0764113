@server:websocket
Feature: WebSocket as a network transport

  @3.1.1/MQTT-6.0.0-1 @5.0/MQTT-6.0.0-1
  Rule: Packets travel in binary frames, and any other data frame makes the Server close

    Scenario: packets in binary frames are answered in binary frames
      Given A has opened a WebSocket connection
      When A sends CONNECT
      And A sends PINGREQ
      Then A receives CONNACK with:
        | Reason Code | 0x00 |
      And A receives PINGRESP
      And all data frames to A are binary

    @needs:qos1
    Scenario: a message reaches a subscriber in binary frames
      Given A is connected
      And A is subscribed to "t" at QoS 1
      And B is connected
      When B publishes "hello" to "t" at QoS 1
      Then A receives "hello" on "t" at QoS 1
      And all data frames to A are binary

    Scenario: a CONNECT in a text frame closes the Network Connection
      When A sends CONNECT in a text frame
      Then the Server closes the Network Connection of A

    Scenario: a PUBLISH in a text frame closes the Network Connection
      Given A is connected
      When A sends PUBLISH in a text frame
      Then the Server closes the Network Connection of A

    Scenario: a PINGREQ in a text frame closes the Network Connection
      Given A is connected
      When A sends PINGREQ in a text frame
      Then the Server closes the Network Connection of A

  @3.1.1/MQTT-6.0.0-2 @5.0/MQTT-6.0.0-2
  Rule: A frame may hold parts of packets, or several packets

    Scenario Outline: a CONNECT is taken from <kind>
      Given A sends <kind>
      When A sends CONNECT
      Then A receives CONNACK with:
        | Reason Code | 0x00 |

      Examples:
        | kind                                          |
        | frames of 1 byte                              |
        | frames of 5 bytes                             |
        | frames of 4 bytes and a Ping frame after each |
        | fragments of 3 bytes                          |

    @needs:qos1
    Scenario: a message is taken from frames that hold parts of it
      Given A is connected
      And A is subscribed to "t" at QoS 1
      And B is connected
      And B sends frames of 7 bytes
      When B publishes "a payload that is longer than a frame" to "t" at QoS 1
      Then A receives "a payload that is longer than a frame" on "t" at QoS 1

    Scenario: three packets are taken from one frame
      Given A is connected
      And A keeps its packets
      When A sends PINGREQ
      And A sends SUBSCRIBE 7 to:
        | t | 1 |
      And A sends PINGREQ
      And A sends the kept packets in one frame
      Then A receives PINGRESP
      And A receives SUBACK 7 for:
        | t | 1 |
      And A receives PINGRESP

    Scenario: three packets are taken from frames that begin and end inside of them
      Given A is connected
      And A keeps its packets
      When A sends PINGREQ
      And A sends SUBSCRIBE 7 to:
        | t | 1 |
      And A sends PINGREQ
      And A sends the kept packets in frames of 3 bytes
      Then A receives PINGRESP
      And A receives SUBACK 7 for:
        | t | 1 |
      And A receives PINGRESP

  @3.1.1/MQTT-6.0.0-4 @5.0/MQTT-6.0.0-4
  Rule: The Server selects and returns the subprotocol mqtt

    Scenario: the answer to an offer of mqtt names it
      When A opens a WebSocket connection
      Then the Server names the subprotocol "mqtt" to A

    Scenario: the answer to a list of offers names mqtt
      When A opens a WebSocket connection that offers "chat, mqtt"
      Then the Server names the subprotocol "mqtt" to A

    Scenario: the answer to no offer names no other subprotocol
      When A asks for a WebSocket connection without a subprotocol
      Then the Server names no subprotocol but "mqtt" to A
