Feature: No Local and Retain As Published

  @5.0/MQTT-3.8.3-3
  Rule: With No Local 1 no message comes back to the Client that published it

    Scenario: with No Local 1 the Client does not get its own message
      Given A is connected
      And B is connected
      And A is subscribed to "t" with:
        | No Local | 1 |
      And A is subscribed to "u" with:
        | No Local | 0 |
      When A publishes "1" to "t" at QoS 0
      And A publishes "2" to "u" at QoS 0
      And B publishes "3" to "t" at QoS 0
      Then A receives "2" on "u"
      And A receives "3" on "t"
      And A receives no further message

    @needs:qos2
    Scenario Outline: with No Local 1 the Client does not get its own message of QoS <qos>
      Given A is connected
      And B is connected
      And A is subscribed to "t" with:
        | QoS      | 2 |
        | No Local | 1 |
      When A publishes "1" to "t" at QoS <qos>
      And B publishes "2" to "t" at QoS <qos>
      Then A receives "2" on "t"
      And A receives no further message

      Examples:
        | qos |
        | 1   |
        | 2   |

    Scenario: No Local of one Client does not touch the Subscriptions of others
      Given A is connected
      And B is connected
      And A is subscribed to "t" with:
        | No Local | 1 |
      And B is subscribed to "t" with:
        | No Local | 1 |
      When A publishes "1" to "t" at QoS 0
      And B publishes "2" to "t" at QoS 0
      Then A receives "2" on "t"
      And B receives "1" on "t"
      And A receives no further message
      And B receives no further message

    @needs:session-persistence
    Scenario: No Local stays with the Subscription when the Session is resumed
      Given B is connected
      And A is connected and its Session is kept
      And A is subscribed to "t" with:
        | No Local | 1 |
      And A has disconnected
      And A is connected and its Session is kept
      When A publishes "1" to "t" at QoS 0
      And B publishes "2" to "t" at QoS 0
      Then A receives "2" on "t"
      And A receives no further message

  @5.0/MQTT-3.8.3-3 @5.0/MQTT-3.8.4-3
  Rule: A SUBSCRIBE with other Subscription Options replaces the old ones

    Scenario: a replaced Subscription has the new No Local
      Given A is connected
      And B is connected
      And A is subscribed to "t" with:
        | No Local | 0 |
      And A is subscribed to "t" with:
        | No Local | 1 |
      When A publishes "1" to "t" at QoS 0
      And B publishes "2" to "t" at QoS 0
      Then A receives "2" on "t"
      And A receives no further message

  @5.0/MQTT-3.8.4-3
  Rule: A SUBSCRIBE without No Local takes the No Local of the old Subscription away

    Scenario: after the replacement without No Local the Client gets its own messages
      Given A is connected
      And A is subscribed to "t" with:
        | No Local | 1 |
      And A is subscribed to "t" with:
        | No Local | 0 |
      When A publishes "1" to "t" at QoS 0
      Then A receives "1" on "t"
      And A receives no further message

  @5.0/MQTT-3.8.3-4 @5.0/MQTT-4.13.1-1
  @needs:shared-subscriptions
  Rule: No Local on a Shared Subscription is a Protocol Error

    Scenario: SUBSCRIBE to a Shared Subscription with No Local closes the Network Connection
      Given A is connected
      And A is subscribed to "$share/g/t" at QoS 0
      When A sends the erroneous SUBSCRIBE 7 to "$share/g/u" with:
        | No Local | 1 |
      Then the Server closes the Network Connection of A

  @5.0/MQTT-3.3.1-12
  @needs:retain
  Rule: With Retain As Published 0 messages are forwarded with RETAIN 0

    Scenario: with Retain As Published 0 a message published with RETAIN 1 arrives with RETAIN 0
      Given A is connected
      And B is connected
      And A is subscribed to "t" with:
        | Retain As Published | 0 |
      When B retains "1" on "t" at QoS 0
      Then A receives "1" on "t"
      And it has:
        | RETAIN | 0 |

  @5.0/MQTT-3.3.1-13
  @needs:retain
  Rule: With Retain As Published 1 messages are forwarded with the RETAIN flag they were published with

    @needs:qos2
    Scenario Outline: with Retain As Published 1 a message published with RETAIN <retain> at QoS <qos> arrives with RETAIN <retain>
      Given A is connected
      And B is connected
      And A is subscribed to "t" with:
        | QoS                 | 2 |
        | Retain As Published | 1 |
      When B publishes:
        | Topic Name | t        |
        | Payload    | x        |
        | QoS        | <qos>    |
        | RETAIN     | <retain> |
      Then A receives "x" on "t"
      And it has:
        | RETAIN | <retain> |

      Examples:
        | qos | retain |
        | 0   | 0      |
        | 0   | 1      |
        | 1   | 0      |
        | 1   | 1      |
        | 2   | 1      |

    @needs:wildcard-subscription
    Scenario Outline: two overlapping Subscriptions with Retain As Published 1 leave RETAIN <retain> as it was published
      Given A is connected
      And B is connected
      And A is subscribed to "a/+" with:
        | Retain As Published | 1 |
      And A is subscribed to "a/b" with:
        | Retain As Published | 1 |
      When B publishes:
        | Topic Name | a/b      |
        | Payload    | x        |
        | RETAIN     | <retain> |
      Then A receives "x" on "a/b"
      And it has:
        | RETAIN | <retain> |

      Examples:
        | retain |
        | 0      |
        | 1      |

    Scenario: Retain As Published is a matter of each Subscription
      Given A is connected
      And B is connected
      And C is connected
      And A is subscribed to "t" with:
        | Retain As Published | 1 |
      And C is subscribed to "t" with:
        | Retain As Published | 0 |
      When B retains "x" on "t" at QoS 0
      Then A receives "x" on "t"
      And it has:
        | RETAIN | 1 |
      And C receives "x" on "t"

    @needs:qos1 @needs:session-persistence
    Scenario: a message that waited for an offline Client keeps its RETAIN flag with Retain As Published 1
      Given A is connected and its Session is kept
      And B is connected
      And A is subscribed to "t" with:
        | QoS                 | 1 |
        | Retain As Published | 1 |
      And A has disconnected
      When B retains "x" on "t" at QoS 1
      And A returns to its Session
      Then A receives "x" on "t"
      And it has:
        | RETAIN | 1 |

    Scenario: deleting a retained message is forwarded with RETAIN 1 where Retain As Published is 1
      Given A is connected
      And B is connected
      And B has retained "x" on "t" at QoS 1
      And A is subscribed to "t" with:
        | Retain As Published | 1 |
        | Retain Handling     | 2 |
      When B clears the retained message of "t"
      Then A receives "empty" on "t"
      And it has:
        | RETAIN | 1 |
