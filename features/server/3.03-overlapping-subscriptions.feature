@needs:wildcard-subscription
Feature: Overlapping Subscriptions

  @3.1.1/MQTT-3.3.5-1 @5.0/MQTT-3.3.4-2
  @needs:qos2
  Rule: A message that matches several Subscriptions of a Client comes at the best QoS of these

    Scenario Outline: "<first>" at QoS <one> and "<second>" at QoS <two> deliver at the better QoS
      Given A is connected
      And B is connected
      And A is subscribed to "<first>" at QoS <one>
      And A is subscribed to "<second>" at QoS <two>
      When B publishes "x" to "a/b" at QoS 2
      Then A receives "x" on "a/b" at the best QoS of its Subscriptions, published at QoS 2

      Examples:
        | first | one | second | two |
        | a/#   | 2   | a/+    | 1   |
        | a/#   | 1   | a/+    | 2   |
        | a/b   | 0   | a/+    | 2   |
        | +/b   | 2   | a/b    | 0   |
        | #     | 0   | a/b    | 1   |
        | a/#   | 1   | a/b    | 0   |

    Scenario: of three overlapping Subscriptions the best QoS counts
      Given A is connected
      And B is connected
      And A is subscribed to "a/+" at QoS 0
      And A is subscribed to "a/#" at QoS 2
      And A is subscribed to "+/b" at QoS 1
      When B publishes "x" to "a/b" at QoS 2
      Then A receives "x" on "a/b" at the best QoS of its Subscriptions, published at QoS 2

    Scenario: overlapping Subscriptions do not raise the QoS of the message
      Given A is connected
      And B is connected
      And A is subscribed to "a/+" at QoS 2
      And A is subscribed to "a/#" at QoS 0
      When B publishes "x" to "a/b" at QoS 1
      Then A receives "x" on "a/b" at the best QoS of its Subscriptions, published at QoS 1

    Scenario: a Subscription that does not match lends no QoS
      Given A is connected
      And B is connected
      And A is subscribed to "a/b" at QoS 0
      And A is subscribed to "a/b/+" at QoS 2
      When B publishes "x" to "a/b" at QoS 2
      Then A receives "x" on "a/b" at the best QoS of its Subscriptions, published at QoS 2

    @needs:session-persistence
    Scenario: a message that waited for an offline Client comes at the best QoS
      Given A is connected and its Session is kept
      And B is connected
      And A is subscribed to "a/+" at QoS 1
      And A is subscribed to "a/#" at QoS 2
      And A has disconnected
      When B publishes "x" to "a/b" at QoS 2
      And A returns to its Session
      Then A receives "x" on "a/b" at the best QoS of its Subscriptions, published at QoS 2

  @3.1.1/MQTT-3.10.4-1 @5.0/MQTT-3.10.4-1
  Rule: One of two overlapping Subscriptions can be deleted without the other

    Scenario: after UNSUBSCRIBE from one of two overlapping Topic Filters the other delivers once
      Given A is connected
      And B is connected
      And A is subscribed to "a/+" at QoS 0
      And A is subscribed to "a/#" at QoS 0
      When A unsubscribes from "a/+"
      And B publishes to each of:
        | a/b |
      Then A receives exactly the messages on:
        | a/b |
