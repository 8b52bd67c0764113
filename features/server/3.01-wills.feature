Feature: Will Messages

  Rule: The Will Message is published when the Network Connection is lost

    @3.1.1/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-7 @5.0/MQTT-3.1.2-8
    Scenario: a Client that loses its Network Connection has its Will published
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will QoS     | 1    |
      When W loses its Network Connection
      Then O receives "gone" on "will"
      And O receives no further message

    @3.1.1/MQTT-3.1.2-8 @3.1.1/MQTT-3.1.4-2 @5.0/MQTT-3.1.2-8
    Scenario: a Client whose Network Connection is taken over has its Will published
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      And V uses the Client Identifier of W
      When V connects
      Then O receives "gone" on "will"

    @3.1.1/MQTT-3.1.2-24 @3.1.1/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-22 @5.0/MQTT-3.1.2-8
    Scenario: a Client that is silent for too long is closed and has its Will published
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Keep Alive   | 1    |
      Then the Server closes the Network Connection of W, due after 1.5 seconds [3.1.1/MQTT-3.1.2-24, 5.0/MQTT-3.1.2-22]
      And O receives "gone" on "will" [3.1.1/MQTT-3.1.2-8, 5.0/MQTT-3.1.2-8]

  Rule: A DISCONNECT removes the Will Message

    @3.1.1/MQTT-3.1.2-8 @3.1.1/MQTT-3.1.2-10 @3.1.1/MQTT-3.14.4-3 @5.0/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-10 @5.0/MQTT-3.14.4-3
    Scenario: a Client that disconnects has no Will published
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W disconnects
      Then O receives no message

    @5.0/MQTT-3.1.2-8
    Scenario: DISCONNECT with 0x04 has the Will published
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W disconnects with:
        | Reason Code | 0x04 |
      Then O receives "gone" on "will"

    @3.1.1/MQTT-3.1.2-12
    Scenario: a Client without a Will has nothing published
      Given O is connected
      And O is subscribed to "#" at QoS 1
      And W is connected
      When W loses its Network Connection
      Then O receives no message

    @3.1.1/MQTT-3.1.2-10 @3.1.1/MQTT-3.1.2-12 @5.0/MQTT-3.1.2-10
    Scenario: a Will is published once
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W loses its Network Connection
      And O has received "gone" on "will"
      And W connects
      And W loses its Network Connection
      Then O receives no message

  Rule: Will QoS and Will Retain are those of the CONNECT

    @3.1.1/MQTT-3.1.2-9 @only:3.1.1
    @needs:qos1
    Scenario: a Will comes at its Will QoS
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will QoS     | 1    |
      When W loses its Network Connection
      Then O receives "gone" on "will" at QoS 1

    @3.1.1/MQTT-3.1.2-17 @5.0/MQTT-3.1.2-15
    @needs:retain @needs:qos1
    Scenario: a Will with Will Retain 1 is retained
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will QoS     | 1    |
        | Will Retain  | 1    |
      When W loses its Network Connection
      And O has received "gone" on "will" at QoS 1
      And N connects
      And N subscribes to "will" at QoS 1
      Then N receives "gone" on "will"
      And it has:
        | RETAIN | 1 |

    @3.1.1/MQTT-3.1.2-16 @5.0/MQTT-3.1.2-14
    @needs:retain
    Scenario: a Will with Will Retain 0 is not retained
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will QoS     | 1    |
      When W loses its Network Connection
      And O has received "gone" on "will"
      And N connects
      And N subscribes to "will" at QoS 1
      Then N receives no message

    @5.0/MQTT-3.1.3-10
    Scenario: the User Properties of a Will keep their order
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic         | will  |
        | Will Payload       | gone  |
        | Will User Property | b = 1 |
        | Will User Property | a = 2 |
        | Will User Property | b = 3 |
      When W loses its Network Connection
      Then O receives "gone" on "will"
      And it has:
        | User Property | b = 1 |
        | User Property | a = 2 |
        | User Property | b = 3 |

  Rule: The Will Delay Interval delays the Will

    @5.0/MQTT-3.1.3-9
    @needs:session-persistence
    Scenario: a Client that returns within the delay has no Will published
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will Delay Interval | 2    |
      When W loses its Network Connection
      And W returns to its Session
      And 3.0 seconds pass
      Then O receives no message

    @5.0/MQTT-3.1.2-8
    @needs:session-persistence
    Scenario: the Will comes when the delay has run out
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will Delay Interval | 1    |
      When W loses its Network Connection
      Then O receives "gone" on "will"

    @5.0/MQTT-3.1.2-8
    Scenario: the end of the Session ends the delay
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will Delay Interval | 600  |
      When W loses its Network Connection
      Then O receives "gone" on "will"
