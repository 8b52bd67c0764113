Feature: Shared Subscriptions under hardship

  Rule: A QoS 2 delivery that was begun is completed with the same member

    @5.0/MQTT-4.8.2-4
    @needs:shared-subscriptions @needs:qos2 @needs:session-persistence
    Scenario Outline: the member is cut off <where>
      Given A is connected and its Session is kept
      And A is subscribed to "$share/g/t" at QoS 2
      And P is connected
      And the network cuts A off <where>
      When P publishes "m" to "t" at QoS 2
      And A has been cut off
      And B connects
      And B subscribes to "$share/g/t" at QoS 2
      And A returns to its Session
      Then A has got "m" on "t" exactly once
      And B has not got "m" on "t"

      Examples:
        | where                                 |
        | after PUBLISH has reached it          |
        | before its PUBREC reaches the Server  |
        | before PUBREL reaches it              |
        | before its PUBCOMP reaches the Server |

    @5.0/MQTT-4.8.2-5
    @needs:shared-subscriptions @needs:qos2
    Scenario: the Session of the member ends before it is back
      Given A is connected
      And A is subscribed to "$share/g/t" at QoS 2
      And P is connected
      And the network cuts A off before its PUBREC reaches the Server
      When P publishes "m" to "t" at QoS 2
      And A has been cut off
      And B connects
      And B subscribes to "$share/g/t" at QoS 2
      And 1.0 seconds pass
      Then B has not got "m" on "t"

  Rule: Members that are lost do not keep messages from the others

    @5.0/RULE-4.8.2-one-member-gets-it
    @needs:shared-subscriptions @needs:qos1
    Scenario Outline: one of two members is lost when <trouble>
      Given A is connected
      And A is subscribed to "$share/g/t" at QoS 1
      And B is connected
      And B is subscribed to "$share/g/t" at QoS 1
      And P is connected
      When <trouble>
      And P publishes 4 messages to "t" at QoS 1
      Then B has got on "t", each exactly once and in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |

      Examples:
        | trouble                                        |
        | A loses its Network Connection                 |
        | the network breaks the Network Connection of A |
        | A crashes                                      |
