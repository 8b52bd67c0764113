Feature: How long Session State lives

  Rule: Session State is not dropped while the Network Connection is open

    @5.0/MQTT-4.1.0-1
    Scenario: the Session Expiry Interval does not run while the Client is connected
      Given S is connected with:
        | Session Expiry Interval | 1 |
      And S is subscribed to "t" at QoS 1
      And P is connected
      When 2.5 seconds pass
      And P publishes "m" to "t" at QoS 1
      Then S receives "m" on "t"

    @3.1.1/MQTT-4.1.0-2 @5.0/MQTT-4.1.0-1
    Scenario: a clean Session lives as long as its Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected
      When 1.0 seconds pass
      And P publishes "m" to "t" at QoS 1
      Then S receives "m" on "t"

    @5.0/MQTT-3.1.2-23
    @needs:session-persistence
    Scenario: the interval begins anew with every Network Connection
      Given S is connected with:
        | Session Expiry Interval | 3 |
      And S has lost its Network Connection
      When 2.0 seconds pass
      And S returns to its Session with:
        | Keep Alive | 60 |
      And S loses its Network Connection
      And 2.0 seconds pass
      And S returns to its Session
      Then the Session of S is present

  Rule: Session Expiry Interval 0, 0xFFFFFFFF and absent

    @5.0/RULE-3.1.2.11.2-absent-means-zero
    Scenario: without Session Expiry Interval nothing is kept, even with Clean Start 0
      Given S is connected with:
        | Clean Start | 0 |
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      When S returns to its Session
      Then the Session of S is not present

    @5.0/MQTT-4.1.0-2
    Scenario: with Session Expiry Interval 0 nothing is kept
      Given S is connected with:
        | Session Expiry Interval | 0 |
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      When S returns to its Session
      Then the Session of S is not present

    @5.0/RULE-3.1.2.11.2-never-expires @5.0/MQTT-3.1.2-23
    @needs:session-persistence
    Scenario: with Session Expiry Interval 0xFFFFFFFF the Session is kept
      Given S is connected with:
        | Session Expiry Interval | 0xFFFFFFFF |
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      When 1.0 seconds pass
      And S returns to its Session with:
        | Clean Start | 0 |
      Then the Session of S is present

  Rule: Retained messages are no part of a Session

    @5.0/RULE-4.1-retained-messages-survive-sessions
    @needs:retain @needs:qos1
    Scenario: a retained message stays when the Session of its publisher ends
      Given P is connected
      And P has retained "kept" on "t" at QoS 1
      And P has disconnected
      And N is connected
      When N subscribes to "t" at QoS 1
      Then N receives "kept" on "t"

    @3.1.1/SHOULD-4.1-keep-retained-messages
    @needs:retain @needs:qos1
    Scenario: a retained message should stay when the Session of its publisher ends
      Given P is connected
      And P has retained "kept" on "t" at QoS 1
      And P has disconnected
      And N is connected
      When N subscribes to "t" at QoS 1
      Then N should receive "kept" on "t"

  Rule: A takeover with a clean start drops the Session

    @3.1.1/MQTT-3.1.2-6 @5.0/MQTT-3.1.2-4
    @needs:session-persistence
    Scenario: the newer Network Connection begins without the Subscriptions of the older one
      Given A is connected and its Session is kept
      And A is subscribed to "t" at QoS 1
      And B uses the Client Identifier of A
      When B connects
      Then the Session of B is not present
      And the Server closes the Network Connection of A
      Given P is connected
      When P publishes "m" to "t" at QoS 1
      Then B receives no message
