Feature: Topic Aliases

  Rule: The Server takes every Topic Alias up to its Topic Alias Maximum

    @5.0/MQTT-3.3.2-12
    @needs:topic-alias-in
    Scenario: the greatest Topic Alias stands for its Topic Name
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes "first" to "t" with the greatest Topic Alias
      And P publishes "second" to "empty" with the greatest Topic Alias
      Then S receives "first" on "t"
      And S receives "second" on "t"

    @5.0/MQTT-3.3.2-12
    @needs:topic-alias-in @needs:qos1 @needs:qos2
    Scenario Outline: a Topic Alias works at QoS <qos>
      Given S is connected
      And S is subscribed to "t" at QoS <qos>
      And P is connected
      When P publishes:
        | Topic Name  | t     |
        | Payload     | first |
        | QoS         | <qos> |
        | Topic Alias | 1     |
      And P publishes:
        | Topic Name  | empty  |
        | Payload     | second |
        | QoS         | <qos>  |
        | Topic Alias | 1      |
      Then S receives "first" on "t" at QoS <qos>
      And S receives "second" on "t" at QoS <qos>
      And S receives no further message

      Examples:
        | qos |
        | 1   |
        | 2   |

    @5.0/MQTT-3.3.2-12
    @needs:topic-alias-in
    Scenario: a Topic Alias of one Client means nothing for another
      Given S is connected
      And S is subscribed to "a" at QoS 0
      And S is subscribed to "b" at QoS 0
      And P is connected
      And Q is connected
      And P has published:
        | Topic Name  | a |
        | Payload     | 1 |
        | Topic Alias | 1 |
      And Q has published:
        | Topic Name  | b |
        | Payload     | 2 |
        | Topic Alias | 1 |
      When P publishes:
        | Topic Name  | empty |
        | Payload     | 3     |
        | Topic Alias | 1     |
      And Q publishes:
        | Topic Name  | empty |
        | Payload     | 4     |
        | Topic Alias | 1     |
      Then S receives "3" on "a"
      And S receives "4" on "b"

    @5.0/RULE-3.3.2.3.4-may-be-assigned-again
    @needs:topic-alias-in
    Scenario: a Topic Alias is given a new Topic Name
      Given S is connected
      And S is subscribed to "a" at QoS 0
      And S is subscribed to "b" at QoS 0
      And P is connected
      And P has published:
        | Topic Name  | a |
        | Payload     | 1 |
        | Topic Alias | 1 |
      When P publishes:
        | Topic Name  | b |
        | Payload     | 2 |
        | Topic Alias | 1 |
      And P publishes:
        | Topic Name  | empty |
        | Payload     | 3     |
        | Topic Alias | 1     |
      Then S receives "3" on "b"
      And S receives no message "3"

    @5.0/MQTT-3.3.2-12
    @needs:topic-alias-in @needs:retain @needs:qos1
    Scenario: a message that is retained by its Topic Alias is kept under its Topic Name
      Given P is connected
      And P has published:
        | Topic Name  | t     |
        | Payload     | first |
        | Topic Alias | 1     |
      And P has published:
        | Topic Name  | empty |
        | Payload     | kept  |
        | QoS         | 1     |
        | RETAIN      | 1     |
        | Topic Alias | 1     |
      And S is connected
      When S subscribes to "t" at QoS 1
      Then S receives "kept" on "t"

  Rule: A Topic Alias that cannot be is an error

    @5.0/RULE-3.3.2.3.4-zero @5.0/MQTT-4.13.1-1
    Scenario: the Topic Alias 0 closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      And P has published "good" to "t" at QoS 0
      And S has received "good" on "t"
      When P sends the erroneous PUBLISH with:
        | Topic Name  | t   |
        | Payload     | bad |
        | Topic Alias | 0   |
      Then the Server closes the Network Connection of P
      And S receives no message

    @5.0/RULE-3.3.2.3.4-above-maximum @5.0/MQTT-4.13.1-1
    Scenario: a Topic Alias above the maximum closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      And P has published "good" to "t" at QoS 0
      And S has received "good" on "t"
      When P sends the erroneous PUBLISH with:
        | Topic Name  | t                 |
        | Payload     | bad               |
        | Topic Alias | above the maximum |
      Then the Server closes the Network Connection of P
      And S receives no message

    @5.0/RULE-3.3.2.3.4-unknown-alias @5.0/MQTT-4.13.1-1
    @needs:topic-alias-in
    Scenario: a Topic Alias that was not set closes the Network Connection
      Given P is connected
      And P has published "good" to "t" at QoS 0
      When P sends the erroneous PUBLISH with:
        | Topic Name  | empty |
        | Payload     | bad   |
        | Topic Alias | 1     |
      Then the Server closes the Network Connection of P

    @5.0/RULE-3.3.2.3.4-twice @5.0/MQTT-4.13.1-1
    @needs:topic-alias-in
    Scenario: a Topic Alias that stands twice closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      And P has published:
        | Topic Name  | t    |
        | Payload     | good |
        | Topic Alias | 1    |
      And S has received "good" on "t"
      When P sends the erroneous PUBLISH with:
        | Topic Name  | t   |
        | Payload     | bad |
        | Topic Alias | 1   |
        | Topic Alias | 1   |
      Then the Server closes the Network Connection of P
      And S receives no message

    @5.0/RULE-3.3.2.1-empty-topic-without-alias @5.0/MQTT-4.13.1-1
    Scenario: neither a Topic Name nor a Topic Alias closes the Network Connection
      Given P is connected
      And P has published "good" to "t" at QoS 0
      When P sends the erroneous PUBLISH with:
        | Topic Name | empty |
        | Payload    | bad   |
      Then the Server closes the Network Connection of P

    @5.0/MQTT-3.3.2-7 @5.0/RULE-3.3.2.3.4-unknown-alias
    @needs:topic-alias-in
    Scenario: a Topic Alias does not outlive a clean start
      Given P is connected
      And P has published:
        | Topic Name  | t     |
        | Payload     | first |
        | Topic Alias | 1     |
      And P has lost its Network Connection
      And P is connected
      And P has published "good" to "t" at QoS 0
      When P sends the erroneous PUBLISH with:
        | Topic Name  | empty |
        | Payload     | bad   |
        | Topic Alias | 1     |
      Then the Server closes the Network Connection of P

  Rule: The Server uses the Topic Aliases that the Client has allowed

    @5.0/MQTT-3.1.2-26 @5.0/MQTT-3.3.2-11
    Scenario: a Client with Topic Alias Maximum 2 gets messages on four topics
      Given S is connected with:
        | Topic Alias Maximum | 2 |
      And S is subscribed to "a" at QoS 0
      And S is subscribed to "b" at QoS 0
      And S is subscribed to "c" at QoS 0
      And S is subscribed to "d" at QoS 0
      And P is connected
      When P publishes to each of:
        | a |
        | b |
        | c |
        | d |
      And P publishes "again" to "a" at QoS 0
      And P publishes "again" to "d" at QoS 0
      Then S receives "again" on "a"
      And S receives "again" on "d"
      And no PUBLISH to S has a Topic Alias above 2

    @5.0/MQTT-3.1.2-27
    Scenario: a Client without Topic Alias Maximum gets no Topic Alias
      Given S is connected
      And S is subscribed to "a" at QoS 0
      And S is subscribed to "b" at QoS 0
      And P is connected
      When P publishes "1" to "a" at QoS 0
      And P publishes "2" to "b" at QoS 0
      And P publishes "3" to "a" at QoS 0
      Then S receives "1" on "a"
      And S receives "2" on "b"
      And S receives "3" on "a"
      And no PUBLISH to S has a Topic Alias above 0

    @5.0/MQTT-3.1.2-27
    Scenario: a Client with Topic Alias Maximum 0 gets no Topic Alias
      Given S is connected with:
        | Topic Alias Maximum | 0 |
      And S is subscribed to "a" at QoS 0
      And P is connected
      When P publishes "1" to "a" at QoS 0
      And P publishes "2" to "a" at QoS 0
      Then S receives "1" on "a"
      And S receives "2" on "a"
      And no PUBLISH to S has a Topic Alias above 0

    @5.0/MQTT-3.1.2-27
    @needs:topic-alias-in
    Scenario: a Topic Alias of the publisher does not reach the subscriber
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes:
        | Topic Name  | t     |
        | Payload     | first |
        | Topic Alias | 1     |
      Then S receives "first" on "t"
      And no PUBLISH to S has a Topic Alias above 0

    @5.0/RULE-3.3.2.3.4-independent-directions
    @needs:topic-alias-in
    Scenario: a Client uses the numbers that the Server uses for other topics
      Given A is connected with:
        | Topic Alias Maximum | 2 |
      And A is subscribed to "down" at QoS 0
      And N is connected
      And N is subscribed to "up" at QoS 0
      And N has published "1" to "down" at QoS 0
      And A has received "1" on "down"
      When A publishes:
        | Topic Name  | up |
        | Payload     | 2  |
        | Topic Alias | 1  |
      And N publishes "3" to "down" at QoS 0
      And A publishes:
        | Topic Name  | empty |
        | Payload     | 4     |
        | Topic Alias | 1     |
      Then N receives "2" on "up"
      And A receives "3" on "down"
      And N receives "4" on "up"
