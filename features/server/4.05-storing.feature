Feature: Storing Application Messages

  @3.1.1/MQTT-4.5.0-1 @5.0/MQTT-4.5.0-1
  Rule: A message that the Server has taken over goes to every Session with a matching Subscription

    @needs:qos2
    Scenario Outline: a message at QoS <qos> reaches every subscriber
      Given A is connected
      And B is connected
      And C is connected
      And P is connected
      And A is subscribed to "t" at QoS 0
      And B is subscribed to "t" at QoS 1
      And C is subscribed to "t" at QoS 2
      When P publishes "x" to "t" at QoS <qos>
      Then A receives "x" on "t"
      And B receives "x" on "t"
      And C receives "x" on "t"

      Examples:
        | qos |
        | 0   |
        | 1   |
        | 2   |

    Scenario: a message reaches the Client that published it, too
      Given A is connected
      And A is subscribed to "t" at QoS 0
      When A publishes "x" to "t" at QoS 0
      Then A receives "x" on "t"
      And A receives no further message

    @needs:wildcard-subscription
    Scenario: a message reaches the subscribers of different Topic Filters that match
      Given A is connected
      And B is connected
      And C is connected
      And D is connected
      And P is connected
      And A is subscribed to "a/b" at QoS 0
      And B is subscribed to "a/+" at QoS 0
      And C is subscribed to "#" at QoS 0
      And D is subscribed to "a/c" at QoS 0
      When P publishes to each of:
        | a/b |
      Then A receives exactly the messages on:
        | a/b |
      And B receives exactly the messages on:
        | a/b |
      And C receives exactly the messages on:
        | a/b |
      And D receives no message

    @needs:qos2 @needs:session-persistence
    Scenario Outline: a message at QoS <qos> is kept for subscribers that are not connected
      Given A is connected and its Session is kept
      And B is connected and its Session is kept
      And P is connected
      And A is subscribed to "t" at QoS 1
      And B is subscribed to "t" at QoS 2
      And A has disconnected
      And B has lost its Network Connection
      When P publishes "x" to "t" at QoS <qos>
      And A returns to its Session
      And B returns to its Session
      Then the Session of A is present
      And A receives "x" on "t"
      And the Session of B is present
      And B receives "x" on "t"

      Examples:
        | qos |
        | 1   |
        | 2   |

    @needs:qos1 @needs:session-persistence
    Scenario: messages for a Client that is not connected reach those that are
      Given A is connected and its Session is kept
      And B is connected
      And P is connected
      And A is subscribed to "t" at QoS 1
      And B is subscribed to "t" at QoS 1
      And A has disconnected
      When P publishes "1" to "t" at QoS 1
      And P publishes "2" to "t" at QoS 1
      And P publishes "3" to "t" at QoS 1
      Then B receives on "t" in order:
        | 1 |
        | 2 |
        | 3 |
      When A returns to its Session
      Then A receives on "t" in order:
        | 1 |
        | 2 |
        | 3 |
      And A receives no further message
