@needs:retain @needs:qos1
Feature: Retain Handling

  @5.0/MQTT-3.3.1-9
  Rule: Retain Handling 0 sends the retained messages at each SUBSCRIBE

    Scenario: with Retain Handling 0 the retained message comes at the first and at the second SUBSCRIBE
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      And A is subscribed to "t" with:
        | QoS             | 1 |
        | Retain Handling | 0 |
      And A has received "r" on "t"
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 0 |
      Then A receives "r" on "t"
      And it has:
        | RETAIN | 1 |
      And A receives no further message

    @needs:session-persistence
    Scenario: with Retain Handling 0 the retained message comes again in a resumed Session
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected and its Session is kept
      And A is subscribed to "t" with:
        | QoS             | 1 |
        | Retain Handling | 2 |
      And A has disconnected
      And A is connected and its Session is kept
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 0 |
      Then A receives "r" on "t"
      And A receives no further message

  @5.0/MQTT-3.3.1-10
  Rule: Retain Handling 1 sends the retained messages only if the Subscription did not exist in the Session

    Scenario: with Retain Handling 1 a new Subscription gets the retained message
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      Then A receives "r" on "t"
      And it has:
        | RETAIN | 1 |
      And A receives no further message

    Scenario: with Retain Handling 1 an existing Subscription gets no retained message
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      And A is subscribed to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      And A has received "r" on "t"
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      Then A receives no message

    Scenario: with Retain Handling 1 a change of the QoS does not make an existing Subscription new
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      And A is subscribed to "t" with:
        | QoS             | 0 |
        | Retain Handling | 2 |
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      Then A receives no message

    Scenario: with Retain Handling 1 a Subscription with another Topic Filter is a new one
      Given B is connected
      And B has retained "r" on "t/a" at QoS 1
      And A is connected
      And A is subscribed to "t/a" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      And A has received "r" on "t/a"
      When A subscribes to "t/+" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      Then A receives "r" on "t/a"
      And A receives no further message

    Scenario: with Retain Handling 1 a Subscription is new again after UNSUBSCRIBE
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      And A is subscribed to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      And A has received "r" on "t"
      And A has unsubscribed from "t"
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      Then A receives "r" on "t"
      And A receives no further message

    @needs:session-persistence
    Scenario: with Retain Handling 1 a Subscription of the Session before its reconnection is an existing one
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected and its Session is kept
      And A is subscribed to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      And A has received "r" on "t"
      And A has disconnected
      And A is connected and its Session is kept
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      Then A receives no message

    Scenario: with Retain Handling 1 the Subscription is new in a new Session
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      And A is subscribed to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      And A has received "r" on "t"
      And A has disconnected
      And A is connected
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      Then A receives "r" on "t"
      And A receives no further message

    Scenario: with Retain Handling 1 the Subscription of another Client does not count
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And C is connected
      And C is subscribed to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      And A is connected
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 1 |
      Then A receives "r" on "t"
      And A receives no further message

  @5.0/MQTT-3.3.1-11
  Rule: Retain Handling 2 sends no retained messages

    Scenario: with Retain Handling 2 no retained message comes, and later messages do
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 2 |
      And B publishes "x" to "t" at QoS 1
      Then A receives "x" on "t"
      And A receives no further message

    Scenario: with Retain Handling 2 a replaced Subscription gets no retained message either
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      And A is subscribed to "t" with:
        | QoS             | 1 |
        | Retain Handling | 0 |
      And A has received "r" on "t"
      When A subscribes to "t" with:
        | QoS             | 1 |
        | Retain Handling | 2 |
      Then A receives no message

  @5.0/RULE-3.3.1.3-retain-flag-at-subscription
  Rule: A retained message that is sent because of a SUBSCRIBE has RETAIN 1, whatever Retain As Published says

    Scenario Outline: with Retain As Published <rap> the retained message has RETAIN 1
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      When A subscribes to "t" with:
        | QoS                 | 1     |
        | Retain As Published | <rap> |
      Then A receives "r" on "t"
      And it has:
        | RETAIN | 1 |

      Examples:
        | rap |
        | 0   |
        | 1   |
