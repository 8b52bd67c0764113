Feature: PUBLISH and retained messages

  Rule: A retained message is stored and replaced

    @3.1.1/MQTT-3.3.1-5 @3.1.1/MQTT-3.3.1-6 @3.1.1/MQTT-3.3.1-8 @5.0/MQTT-3.3.1-5 @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1
    Scenario: a new subscriber gets the last retained message with RETAIN 1
      Given P is connected
      And P has retained "old" on "t" at QoS 1
      And P has retained "new" on "t" at QoS 1
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives "new" on "t"
      And it has:
        | RETAIN | 1 |
      And S receives no further message

    @3.1.1/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1 @needs:wildcard-subscription
    Scenario: a new subscriber gets the retained message of every topic that matches
      Given P is connected
      And P has retained "1" on "a/1" at QoS 1
      And P has retained "2" on "a/2" at QoS 1
      And P has retained "3" on "b/3" at QoS 1
      And S is connected
      When S subscribes to "a/+" at QoS 1
      Then S receives "1" on "a/1"
      And S receives "2" on "a/2"
      And S receives no further message

    @3.1.1/MQTT-3.3.1-12 @5.0/MQTT-3.3.1-8
    @needs:retain @needs:qos1
    Scenario: a message with RETAIN 0 leaves the retained message alone
      Given P is connected
      And P has retained "kept" on "t" at QoS 1
      And P has published "passing" to "t" at QoS 1
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives "kept" on "t"
      And S receives no further message

    @3.1.1/MQTT-3.3.1-12 @5.0/MQTT-3.3.1-8
    @needs:retain
    Scenario: a message with RETAIN 0 is not stored
      Given P is connected
      And P has published "passing" to "t" at QoS 1
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives no message

    @3.1.1/MQTT-3.3.1-10 @5.0/MQTT-3.3.1-6
    @needs:retain @needs:qos1
    Scenario: an empty retained message deletes the old one and is passed on
      Given P is connected
      And P has retained "old" on "t" at QoS 1
      And S is connected
      And S is subscribed to "t" at QoS 1
      And S has received "old" on "t"
      When P clears the retained message of "t"
      Then S receives "empty" on "t"
      And it has:
        | RETAIN | 0 |
      Given N is connected
      When N subscribes to "t" at QoS 1
      Then N receives no message

    @3.1.1/MQTT-3.3.1-11 @5.0/MQTT-3.3.1-7
    @needs:retain @needs:qos1
    Scenario: an empty message is not retained
      Given P is connected
      When P clears the retained message of "t"
      And S connects
      And S subscribes to "t" at QoS 1
      Then S receives no message

    @3.1.1/MQTT-3.3.1-9 @5.0/MQTT-3.3.1-12
    @needs:retain
    Scenario: a subscriber that was there before gets RETAIN 0
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected
      When P retains "m" on "t" at QoS 1
      Then S receives "m" on "t"
      And it has:
        | RETAIN | 0 |

    @3.1.1/MQTT-3.1.2-7
    @needs:retain @needs:qos1
    Scenario: a retained message outlives the Session of its publisher
      Given P is connected
      And P has retained "m" on "t" at QoS 1
      And P has disconnected
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives "m" on "t"

    @3.1.1/MQTT-3.3.1-7
    @needs:retain @needs:qos1
    Scenario: a retained message of QoS 0 replaces the old one, or nothing is retained
      Given P is connected
      And O is connected
      And O is subscribed to "t" at QoS 0
      And P has retained "old" on "t" at QoS 1
      And P has retained "new" on "t" at QoS 0
      And O has received "new" on "t"
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives no message "old"

  Rule: The properties of a message are passed on unaltered

    @5.0/MQTT-3.3.2-4 @5.0/MQTT-3.3.2-15 @5.0/MQTT-3.3.2-16 @5.0/MQTT-3.3.2-17 @5.0/MQTT-3.3.2-18 @5.0/MQTT-3.3.2-20
    Scenario: a message with every property that is passed on
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes:
        | Topic Name               | t                |
        | Payload                  | m                |
        | Payload Format Indicator | 1                |
        | Content Type             | text/plain       |
        | Response Topic           | answers          |
        | Correlation Data         | hex 00 ff 00     |
        | User Property            | b = 1            |
        | User Property            | a = 2            |
        | User Property            | b = 3            |
      Then S receives "m" on "t"
      And it has:
        | Payload Format Indicator | 1            |
        | Content Type             | text/plain   |
        | Response Topic           | answers      |
        | Correlation Data         | hex 00 ff 00 |
        | User Property            | b = 1        |
        | User Property            | a = 2        |
        | User Property            | b = 3        |

    @5.0/MQTT-3.3.2-4
    Scenario: an absent Payload Format Indicator stays absent
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes "m" to "t" at QoS 0
      Then S receives "m" on "t"
      And it has:
        | Payload Format Indicator | absent or 0 |

  Rule: A message expires

    @5.0/MQTT-3.3.2-5
    @needs:qos1 @needs:session-persistence
    Scenario: a message whose interval has run out is not delivered any more
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      When P publishes:
        | Topic Name              | t       |
        | Payload                 | expires |
        | QoS                     | 1       |
        | Message Expiry Interval | 1       |
      And P publishes "stays" to "t" at QoS 1
      And 2.5 seconds pass
      And S returns to its Session
      Then S receives "stays" on "t"
      And S receives no further message

    @5.0/MQTT-3.3.2-6
    @needs:qos1 @needs:session-persistence
    Scenario: the time that a message waits is taken off its interval
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      When P publishes:
        | Topic Name              | t  |
        | Payload                 | m  |
        | QoS                     | 1  |
        | Message Expiry Interval | 60 |
      And 2.5 seconds pass
      And S returns to its Session
      Then S receives "m" on "t"
      And it has:
        | Message Expiry Interval | 50 to 58 |

  Rule: The Server accepts the Topic Aliases that it has announced

    @5.0/MQTT-3.3.2-12
    @needs:topic-alias-in
    Scenario: a Topic Alias stands for its Topic Name
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes:
        | Topic Name  | t     |
        | Payload     | first |
        | Topic Alias | 1     |
      And P publishes:
        | Topic Name  | empty  |
        | Payload     | second |
        | Topic Alias | 1      |
      Then S receives "first" on "t"
      And S receives "second" on "t"

    @5.0/MQTT-3.3.2-7
    @needs:topic-alias-in @needs:session-persistence
    Scenario: a Topic Alias is forgotten with its Network Connection
      Given P is connected and its Session is kept
      And P has published:
        | Topic Name  | t     |
        | Payload     | first |
        | Topic Alias | 1     |
      And P has lost its Network Connection
      When P returns to its Session
      And P sends PUBLISH with:
        | Topic Name  | empty  |
        | Payload     | second |
        | Topic Alias | 1      |
      Then the Server closes the Network Connection of P
