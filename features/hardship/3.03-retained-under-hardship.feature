Feature: Retained messages under hardship

  Rule: What is retained is what the Server has received last

    @3.1.1/MQTT-3.3.1-5 @3.1.1/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-5 @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1
    Scenario Outline: the publisher of a retained message is cut off <where>
      Given P is connected and its Session is kept
      And P has retained "old" on "t" at QoS 1
      And the network cuts P off <where>
      When P sends PUBLISH with:
        | Topic Name | t   |
        | Payload    | new |
        | QoS        | 1   |
        | RETAIN     | 1   |
      And P has been cut off
      And S connects
      And S subscribes to "t" at QoS 1
      Then S receives "<retained>" on "t"
      And it has:
        | RETAIN | 1 |
      And S receives no further message

      Examples:
        | where                                 | retained |
        | before its PUBLISH reaches the Server | old      |
        | after 9 bytes of its PUBLISH          | old      |
        | after 1000 bytes of its PUBLISH       | old      |
        | before PUBACK reaches it              | new      |

    @3.1.1/MQTT-3.3.1-10 @5.0/MQTT-3.3.1-6
    @needs:retain @needs:qos1
    Scenario: the publisher that clears a retained message is cut off before PUBACK reaches it
      Given P is connected and its Session is kept
      And P has retained "old" on "t" at QoS 1
      And the network cuts P off before PUBACK reaches it
      When P sends PUBLISH with:
        | Topic Name | t     |
        | Payload    | empty |
        | QoS        | 1     |
        | RETAIN     | 1     |
      And P has been cut off
      And S connects
      And S subscribes to "t" at QoS 1
      Then S receives no message

  Rule: Updates during a partition reach a subscriber in order, with RETAIN 0

    @3.1.1/MQTT-4.6.0-6 @3.1.1/MQTT-3.3.1-9 @5.0/MQTT-4.6.0-5 @5.0/MQTT-3.3.1-12
    @needs:retain @needs:qos1
    Scenario: a retained message is replaced twice during a partition
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected
      And nothing of the Server reaches S
      When P retains "1" on "t" at QoS 1
      And P retains "2" on "t" at QoS 1
      And 1.0 seconds pass
      And the network lets everything of S through again
      Then S receives on "t" in order:
        | 1 |
        | 2 |
      And it has:
        | RETAIN | 0 |

    @3.1.1/MQTT-3.3.1-6 @5.0/MQTT-3.3.1-9
    @needs:retain @needs:qos1
    Scenario: a retained message is replaced while SUBSCRIBE is held back
      Given P is connected
      And P has retained "1" on "t" at QoS 1
      And S is connected
      And nothing of S reaches the Server
      When S sends SUBSCRIBE 5 to "t" with:
        | QoS | 1 |
      And P retains "2" on "t" at QoS 1
      And 1.0 seconds pass
      And the network lets everything of S through again
      Then S receives "2" on "t"
      And it has:
        | RETAIN | 1 |
      And S receives no message "1"

  Rule: Retained messages do not belong to the Session of their publisher

    @3.1.1/MQTT-3.1.2-7 @5.0/RULE-4.1-retained-messages-survive-sessions
    @needs:retain @needs:qos1
    Scenario: the publisher crashes and its Session ends
      Given P is connected
      And P has retained "kept" on "t" at QoS 1
      And P has crashed
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives "kept" on "t"
