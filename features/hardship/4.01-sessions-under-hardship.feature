Feature: Session State under hardship

  Rule: A packet that has not arrived as a whole does nothing

    @3.1.1/MQTT-3.1.2-4 @3.1.1/MQTT-3.2.2-2 @5.0/MQTT-3.1.2-5 @5.0/MQTT-3.2.2-3
    @needs:session-persistence
    Scenario Outline: of a CONNECT with a clean start only <bytes> bytes arrive
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 0
      And S has lost its Network Connection
      And the network cuts S off after <bytes> bytes of its CONNECT
      When S sends CONNECT
      And S has been cut off
      And S returns to its Session
      Then the Session of S is present

      Examples:
        | bytes |
        | 1     |
        | 10    |
        | 1000  |

    @3.1.1/MQTT-3.8.4-1 @5.0/MQTT-3.8.4-1
    @needs:session-persistence
    Scenario: a SUBSCRIBE that did arrive holds although its SUBACK was lost
      Given S is connected and its Session is kept
      And the network cuts S off before SUBACK reaches it
      And P is connected
      When S sends SUBSCRIBE 7 to "t" with:
        | QoS | 0 |
      And S has been cut off
      And S returns to its Session
      And P publishes "m" to "t" at QoS 0
      Then S has got "m" on "t" exactly once

    @3.1.1/MQTT-3.10.4-2 @5.0/MQTT-3.10.4-2
    @needs:session-persistence
    Scenario: an UNSUBSCRIBE that did arrive holds although its UNSUBACK was lost
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 0
      And the network cuts S off before UNSUBACK reaches it
      And P is connected
      When S sends UNSUBSCRIBE 7 from:
        | t |
      And S has been cut off
      And S returns to its Session
      And P publishes "m" to "t" at QoS 0
      Then S has not got "m" on "t"

    @3.1.1/MQTT-3.2.2-2 @5.0/MQTT-3.2.2-3
    @needs:session-persistence
    Scenario: a Session is there although the CONNACK of its first CONNECT was lost
      Given the network cuts S off before CONNACK reaches it
      When S sends CONNECT with:
        | Clean Start | 0 |
        | Session Expiry Interval | 300 |
      And S has been cut off
      And S returns to its Session
      Then the Session of S is present

  Rule: A Subscription that was repeated because its SUBACK was lost is one Subscription

    @3.1.1/MQTT-3.8.4-3 @5.0/MQTT-3.8.4-3
    @needs:session-persistence
    Scenario: SUBSCRIBE is sent again after a cut
      Given S is connected and its Session is kept
      And the network cuts S off before SUBACK reaches it
      And P is connected
      When S sends SUBSCRIBE 7 to "t" with:
        | QoS | 0 |
      And S has been cut off
      And S returns to its Session
      And S subscribes to "t" at QoS 0
      And P publishes "m" to "t" at QoS 0
      Then S has got "m" on "t" exactly once

  Rule: A Session ends when it has expired, and not before

    @5.0/MQTT-4.1.0-2 @5.0/MQTT-3.2.2-3
    @needs:session-persistence
    Scenario: a Session of one second is gone after three
      Given S is connected with:
        | Clean Start             | 0 |
        | Session Expiry Interval | 1 |
      And the network has broken the Network Connection of S
      When 3.0 seconds pass
      And S returns to its Session
      Then the Session of S is not present

    @5.0/MQTT-3.1.2-23 @5.0/MQTT-4.1.0-1
    @needs:session-persistence
    Scenario: the time of the Session begins when the Network Connection ends
      Given S is connected with:
        | Clean Start             | 0 |
        | Session Expiry Interval | 2 |
      And the Server answers S within 0.3 seconds
      And 4.0 seconds have passed
      And the network has broken the Network Connection of S
      When S returns to its Session
      Then the Session of S is present

  Rule: After a restart the Server says the truth about Sessions

    @3.1.1/MQTT-3.2.2-2 @3.1.1/MQTT-3.2.2-3 @5.0/MQTT-3.2.2-3
    @needs:qos1 @needs:session-persistence @needs:restart
    Scenario Outline: the Server <ends> with a message for a Client that is away
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      And P has published "waiting" to "t" at QoS 1
      When the Server <ends>
      And the Server starts again
      And S returns to its Session
      Then either the Session of S is present and a message to "t" reaches it, or it is not and nothing does

      Examples:
        | ends        |
        | stops       |
        | crashes     |
        | loses power |
