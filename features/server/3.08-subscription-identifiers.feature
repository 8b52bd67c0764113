@needs:subscription-identifiers
Feature: Subscription Identifiers

  @5.0/RULE-3.8.2.1.2-zero @5.0/MQTT-4.13.1-1
  Rule: Subscription Identifier 0 is a Protocol Error

    Scenario: Subscription Identifier 0 in SUBSCRIBE closes the Network Connection
      Given A is connected
      And A is subscribed to "before" with:
        | Subscription Identifier | 1 |
      When A sends the erroneous SUBSCRIBE 7 to "t" with:
        | Subscription Identifier | 0 |
      Then the Server closes the Network Connection of A
      And A receives no SUBACK

  @5.0/RULE-3.8.2.1.2-twice @5.0/MQTT-4.13.1-1
  Rule: Two Subscription Identifiers in one SUBSCRIBE are a Protocol Error

    Scenario: two Subscription Identifiers in SUBSCRIBE close the Network Connection
      Given A is connected
      And A is subscribed to "before" with:
        | Subscription Identifier | 1 |
      When A sends the erroneous SUBSCRIBE 7 to "t" with:
        | Subscription Identifier | 1 |
        | Subscription Identifier | 2 |
      Then the Server closes the Network Connection of A
      And A receives no SUBACK

  @5.0/MQTT-3.3.4-3
  Rule: A message carries the identifier of the Subscription that made it flow

    Scenario Outline: the Subscription Identifier <id> comes back unchanged
      Given A is connected
      And B is connected
      And A is subscribed to "t" with:
        | Subscription Identifier | <id> |
      When B publishes "x" to "t" at QoS 0
      Then A receives "x" on "t"
      And it has:
        | Subscription Identifier | <id> |

      Examples:
        | id        |
        | 1         |
        | 127       |
        | 128       |
        | 16384     |
        | 268435455 |

    @needs:qos2
    Scenario Outline: a message at QoS <qos> carries the identifier
      Given A is connected
      And B is connected
      And A is subscribed to "t" with:
        | QoS                     | 2  |
        | Subscription Identifier | 42 |
      When B publishes "x" to "t" at QoS <qos>
      Then A receives "x" on "t"
      And it has:
        | Subscription Identifier | 42 |

      Examples:
        | qos |
        | 1   |
        | 2   |

    @needs:retain @needs:qos1
    Scenario: a retained message that is sent at SUBSCRIBE carries the identifier
      Given B is connected
      And B has retained "r" on "t" at QoS 1
      And A is connected
      When A subscribes to "t" with:
        | QoS                     | 1  |
        | Subscription Identifier | 42 |
      Then A receives "r" on "t"
      And it has:
        | Subscription Identifier | 42 |

    @needs:session-persistence @needs:qos1
    Scenario: a message that waited for an offline Client carries the identifier
      Given B is connected
      And A is connected and its Session is kept
      And A is subscribed to "t" with:
        | QoS                     | 1  |
        | Subscription Identifier | 42 |
      And A has disconnected
      When B publishes "x" to "t" at QoS 1
      And A returns to its Session
      Then A receives "x" on "t"
      And it has:
        | Subscription Identifier | 42 |

    @needs:session-persistence
    Scenario: the identifier stays with the Subscription when the Session is resumed
      Given B is connected
      And A is connected and its Session is kept
      And A is subscribed to "t" with:
        | Subscription Identifier | 42 |
      And A has disconnected
      And A is connected and its Session is kept
      When B publishes "x" to "t" at QoS 0
      Then A receives "x" on "t"
      And it has:
        | Subscription Identifier | 42 |

  @5.0/MQTT-3.3.4-3 @5.0/MQTT-3.3.4-4 @5.0/MQTT-3.3.4-5
  @needs:wildcard-subscription
  Rule: One copy carries the identifiers of all matching Subscriptions, several copies carry their own

    Scenario: two overlapping Subscriptions with identifiers
      Given A is connected
      And B is connected
      And A is subscribed to "a/#" with:
        | Subscription Identifier | 1 |
      And A is subscribed to "a/+" with:
        | Subscription Identifier | 2 |
      When B publishes "x" to "a/b" at QoS 0
      Then A receives "x" on "a/b" for 2 Subscriptions with the Subscription Identifiers 1 and 2

    @needs:qos2
    Scenario: three overlapping Subscriptions of different QoS with identifiers
      Given A is connected
      And B is connected
      And A is subscribed to "a/#" with:
        | QoS                     | 0   |
        | Subscription Identifier | 100 |
      And A is subscribed to "a/+" with:
        | QoS                     | 2    |
        | Subscription Identifier | 2000 |
      And A is subscribed to "a/b" with:
        | QoS                     | 1  |
        | Subscription Identifier | 30 |
      When B publishes "x" to "a/b" at QoS 2
      Then A receives "x" on "a/b" for 3 Subscriptions with the Subscription Identifiers 30, 100 and 2000

    Scenario: two overlapping Subscriptions of which one has an identifier
      Given A is connected
      And B is connected
      And A is subscribed to "a/#" with:
        | Subscription Identifier | 5 |
      And A is subscribed to "a/+" at QoS 0
      When B publishes "x" to "a/b" at QoS 0
      Then A receives "x" on "a/b" for 2 Subscriptions with the Subscription Identifier 5

    Scenario: several Topic Filters of one SUBSCRIBE have one identifier
      Given A is connected
      And B is connected
      And A is subscribed to "a" with:
        | Subscription Identifier | 9 |
      And A is subscribed to "b" with:
        | Subscription Identifier | 9 |
      When B publishes "1" to "a" at QoS 0
      And B publishes "2" to "b" at QoS 0
      Then A receives "1" on "a"
      And it has:
        | Subscription Identifier | 9 |
      And A receives "2" on "b"
      And it has:
        | Subscription Identifier | 9 |

  @5.0/SHOULD-3.3.4-equal-identifiers-repeat
  @needs:wildcard-subscription
  Rule: An identifier that two matching Subscriptions have comes twice

    Scenario: two overlapping Subscriptions with the same identifier
      Given A is connected
      And B is connected
      And A is subscribed to "a/#" with:
        | Subscription Identifier | 7 |
      And A is subscribed to "a/+" with:
        | Subscription Identifier | 7 |
      When B publishes "x" to "a/b" at QoS 0
      Then A receives "x" on "a/b" for 2 Subscriptions with the Subscription Identifiers 7 and 7

  @5.0/RULE-3.3.4-foreign-identifier
  Rule: A message carries no identifier of a Subscription that it does not match

    # That its own identifier is there is for the Rule above: its absence is not the presence of a foreign one.
    Scenario: the identifier of another Subscription of the same Client does not appear
      Given A is connected
      And B is connected
      And A is subscribed to "a" with:
        | Subscription Identifier | 1 |
      And A is subscribed to "b" with:
        | Subscription Identifier | 2 |
      And A is subscribed to "c" at QoS 0
      When B publishes "1" to "a" at QoS 0
      And B publishes "2" to "b" at QoS 0
      And B publishes "3" to "c" at QoS 0
      Then A receives "1" on "a"
      And it has:
        | Subscription Identifier | 1 or absent |
      And A receives "2" on "b"
      And it has:
        | Subscription Identifier | 2 or absent |
      And A receives "3" on "c"
      And it has:
        | Subscription Identifier | absent |

    Scenario: the identifier of another Client's Subscription does not appear
      Given A is connected
      And B is connected
      And C is connected
      And A is subscribed to "t" with:
        | Subscription Identifier | 1 |
      And B is subscribed to "t" with:
        | Subscription Identifier | 2 |
      When C publishes "x" to "t" at QoS 0
      Then A receives "x" on "t"
      And it has:
        | Subscription Identifier | 1 or absent |
      And B receives "x" on "t"
      And it has:
        | Subscription Identifier | 2 or absent |

  @5.0/RULE-3.8.4-new-identifier-replaces-old
  Rule: A SUBSCRIBE to the same Topic Filter replaces the identifier

    Scenario: a second identifier replaces the first, and none takes it away
      Given A is connected
      And B is connected
      And A is subscribed to "t" with:
        | Subscription Identifier | 1 |
      And A is subscribed to "t" with:
        | Subscription Identifier | 2 |
      When B publishes "x" to "t" at QoS 0
      Then A receives "x" on "t"
      And it has:
        | Subscription Identifier | 2 |
      When A subscribes to "t" at QoS 0
      And B publishes "y" to "t" at QoS 0
      Then A receives "y" on "t"
      And it has:
        | Subscription Identifier | absent |

  @5.0/RULE-3.2.2.3.12-not-available @5.0/MQTT-4.13.1-1
  @server:no-subscription-identifiers
  Rule: Where Subscription Identifiers are not available, one is a Protocol Error

    Scenario: a Subscription Identifier closes the Network Connection where they are not available
      Given A is connected
      And A is subscribed to "before" at QoS 0
      When A sends the erroneous SUBSCRIBE 7 to "t" with:
        | Subscription Identifier | 1 |
      Then the Server closes the Network Connection of A

  @5.0/RULE-3.2.2.3.12-absent-means-available
  Rule: Where CONNACK does not say otherwise, Subscription Identifiers are available

    Scenario: a SUBSCRIBE with a Subscription Identifier is not refused for it
      Given A is connected
      When A sends SUBSCRIBE 7 to "t" with:
        | Subscription Identifier | 1 |
      Then A receives SUBACK with:
        | Reason Codes | 0x00 or 0x80 or 0x83 or 0x87 or 0x8F or 0x91 or 0x97 |
      And the Network Connection of A stays open
