Feature: Session State

  Rule: A Session is continued

    @3.1.1/MQTT-3.1.2-4 @3.1.1/MQTT-3.2.2-2 @3.1.1/MQTT-3.1.4-3 @3.1.1/MQTT-4.1.0-1 @5.0/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-23 @5.0/MQTT-3.2.2-3 @5.0/MQTT-3.1.4-4
    @needs:session-persistence
    Scenario: a Subscription is still there when the Client returns
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      When S returns to its Session
      Then the Session of S is present
      Given P is connected
      When P publishes "m" to "t" at QoS 1
      Then S receives "m" on "t"

    @3.1.1/MQTT-3.2.2-3 @3.1.1/MQTT-3.1.2-4 @5.0/MQTT-3.2.2-3 @5.0/MQTT-3.1.2-6
    Scenario: a Client without a Session gets a new one
      When S returns to its Session
      Then the Session of S is not present
      When S subscribes to "t" at QoS 0
      And S publishes "m" to "t" at QoS 0
      Then S receives "m" on "t"

  Rule: A clean start drops the Session

    @3.1.1/MQTT-3.1.2-6 @3.1.1/MQTT-3.2.2-1 @3.1.1/MQTT-3.1.4-3 @5.0/MQTT-3.1.2-4 @5.0/MQTT-3.2.2-2 @5.0/MQTT-3.1.4-4
    Scenario: nothing of the old Session is left after a clean start
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      And P has published "waiting" to "t" at QoS 1
      When S connects
      Then the Session of S is not present
      When P publishes "later" to "t" at QoS 1
      Then S receives no message

    @3.1.1/MQTT-3.1.2-6
    Scenario: the state of a clean Session is not used again
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And S has disconnected
      When S returns to its Session
      Then the Session of S is not present

    @5.0/MQTT-4.1.0-2
    Scenario: without a Session Expiry Interval the Session ends with the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      When S returns to its Session
      Then the Session of S is not present

    @5.0/MQTT-4.1.0-2 @5.0/MQTT-3.2.2-3
    @needs:session-persistence
    Scenario: a Session ends when its interval has run out
      Given S is connected with:
        | Session Expiry Interval | 1 |
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      When 3.0 seconds pass
      And S returns to its Session
      Then the Session of S is not present

  Rule: Session State belongs to a Client Identifier

    @3.1.1/MQTT-3.1.3-2 @5.0/MQTT-3.1.3-2
    @needs:session-persistence
    Scenario: two Clients have two Sessions
      Given A is connected and its Session is kept
      And A is subscribed to "a" at QoS 1
      And B is connected and its Session is kept
      And B is subscribed to "b" at QoS 1
      And A has lost its Network Connection
      And B has lost its Network Connection
      And P is connected
      And P has published "for a" to "a" at QoS 1
      And P has published "for b" to "b" at QoS 1
      When A returns to its Session
      And B returns to its Session
      Then A receives "for a" on "a"
      And A receives no further message
      And B receives "for b" on "b"
      And B receives no further message

  Rule: A second Network Connection of the same Client ends the first

    @3.1.1/MQTT-3.1.4-2 @5.0/MQTT-3.1.4-3
    Scenario: the older Network Connection is closed and the newer one works
      Given A is connected
      And B uses the Client Identifier of A
      When B connects
      Then the Server closes the Network Connection of A
      And the Network Connection of B stays open

    @3.1.1/MQTT-3.1.4-2 @3.1.1/MQTT-3.1.2-4 @5.0/MQTT-3.1.4-3 @5.0/MQTT-3.1.2-5
    @needs:session-persistence
    Scenario: the newer Network Connection takes the Session over
      Given A is connected and its Session is kept
      And A is subscribed to "t" at QoS 1
      And B uses the Client Identifier of A
      When B returns to its Session
      Then the Session of B is present
      And the Server closes the Network Connection of A
      Given P is connected
      When P publishes "m" to "t" at QoS 1
      Then B receives "m" on "t"
