Feature: Will Messages and the end of the Session

  Rule: The Will is published when its delay has passed or the Session has ended, whichever is first

    @5.0/MQTT-3.1.2-8
    @needs:session-persistence
    Scenario: the expiry of the Session ends the delay
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected with:
        | Session Expiry Interval | 1    |
        | Will Topic              | will |
        | Will Payload            | gone |
        | Will Delay Interval     | 600  |
      When W loses its Network Connection
      Then O receives "gone" on "will"

    @5.0/MQTT-3.1.2-8
    @needs:session-persistence
    Scenario: a clean start ends the Session and the delay with it
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will Delay Interval | 600  |
      And W has lost its Network Connection
      When W connects
      Then O receives "gone" on "will"

    @5.0/MQTT-3.1.2-8 @5.0/RULE-3.1.4-will-at-takeover
    @needs:session-persistence
    Scenario: a takeover with a clean start ends the Session and the delay with it
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will Delay Interval | 600  |
      And V uses the Client Identifier of W
      When V connects
      Then O receives "gone" on "will"

    @5.0/MQTT-3.1.3-9 @5.0/RULE-3.1.4-will-at-takeover
    @needs:session-persistence
    Scenario: a takeover that resumes the Session within the delay leaves the Will unpublished
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will Delay Interval | 2    |
      And V uses the Client Identifier of W
      When V returns to its Session
      And 3.0 seconds pass
      Then O receives no message

    @5.0/RULE-3.1.4-will-at-takeover @5.0/MQTT-3.1.2-8
    @needs:session-persistence
    Scenario: a takeover that resumes the Session publishes a Will without delay
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic   | will |
        | Will Payload | gone |
      And V uses the Client Identifier of W
      When V returns to its Session
      Then O receives "gone" on "will"

    @5.0/RULE-3.1.3.2.2-absent-means-no-delay @5.0/MQTT-3.1.2-8
    @needs:session-persistence
    Scenario: without Will Delay Interval the Will does not wait for the end of the Session
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W loses its Network Connection
      Then O receives "gone" on "will"

    @5.0/MQTT-3.1.2-8
    @needs:session-persistence
    Scenario: DISCONNECT with 0x04 and Session Expiry Interval 0 ends the delay
      Given O is connected
      And O is subscribed to "will" at QoS 1
      And W is connected and its Session is kept, with:
        | Will Topic          | will |
        | Will Payload        | gone |
        | Will Delay Interval | 600  |
      When W disconnects with:
        | Reason Code             | 0x04 |
        | Session Expiry Interval | 0    |
      Then O receives "gone" on "will"

  Rule: Every end but DISCONNECT has the Will published

    @3.1.1/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-8
    Scenario: a protocol violation has the Will published
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W sends CONNECT again
      And the Server has closed the Network Connection of W
      Then O receives "gone" on "will"

    @3.1.1/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-8
    Scenario: a reset has the Will published
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W resets its Network Connection
      Then O receives "gone" on "will"

    @3.1.1/SHOULD-3.1.2.5-will-promptly @5.0/SHOULD-3.1.2.5-will-promptly
    Scenario: the Will is published promptly
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W loses its Network Connection
      Then O should receive "gone" on "will"

    @3.1.1/MQTT-3.1.2-10 @5.0/MQTT-3.1.2-10
    @needs:session-persistence
    Scenario: the Will of an earlier connection is gone after DISCONNECT
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected and its Session is kept, with:
        | Will Topic   | will |
        | Will Payload | gone |
      And W has disconnected
      When W returns to its Session
      And W loses its Network Connection
      Then O receives no message

  Rule: The Will is published as it stands in the CONNECT

    @3.1.1/RULE-3.1.3.3-length-is-not-payload @5.0/RULE-3.1.3.4-length-is-not-payload
    Scenario Outline: the payload <payload> of a Will arrives as it is
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will      |
        | Will Payload | <payload> |
      When W loses its Network Connection
      Then O receives "<payload>" on "will"

      Examples:
        | payload         |
        | g               |
        | hex 00 02 ff fe |
        | 300 bytes       |

    @3.1.1/MQTT-3.1.2-8 @5.0/MQTT-3.1.2-8
    Scenario: a Will with an empty payload is published
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will |
        | Will Payload |      |
      When W loses its Network Connection
      Then O receives "empty" on "will"

    @5.0/RULE-3.1.3.2.4-absent-means-no-expiry
    Scenario: without Message Expiry Interval the Will is published without one
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W loses its Network Connection
      Then O receives "gone" on "will"
      And it has:
        | Message Expiry Interval | absent |
