Feature: PUBLISH

  Rule: A payload is passed on as it is

    @3.1.1/RULE-3.3.3-zero-length-payload @5.0/RULE-3.3.3-zero-length-payload
    @needs:qos1 @needs:qos2
    Scenario Outline: a message of QoS <qos> without payload
      Given S is connected
      And S is subscribed to "t" at QoS <qos>
      And P is connected
      When P sends PUBLISH with:
        | Topic Name | t     |
        | Payload    | empty |
        | QoS        | <qos> |
      Then S receives "empty" on "t" at QoS <qos>
      And it has:
        | RETAIN | 0 |
      And S receives no further message

      Examples:
        | qos |
        | 0   |
        | 1   |
        | 2   |

    @3.1.1/MQTT-4.5.0-1 @5.0/MQTT-4.5.0-1
    @needs:qos1 @needs:qos2
    Scenario Outline: a message of QoS <qos> with <payload>
      Given S is connected
      And S is subscribed to "t" at QoS <qos>
      And P is connected
      When P publishes "<payload>" to "t" at QoS <qos>
      Then S receives "<payload>" on "t" at QoS <qos>

      Examples:
        | payload                                     | qos |
        | hex 00                                      | 0   |
        | hex 00 01 7F 80 C0 C1 F5 FF 0A 0D 00 ED A0 80 | 0   |
        | hex FF FE FD FC                             | 1   |
        | 127 bytes                                   | 0   |
        | 128 bytes                                   | 1   |
        | 16383 bytes                                 | 1   |
        | 16384 bytes                                 | 2   |
        | 65535 bytes                                 | 0   |
        | 65536 bytes                                 | 1   |
        | 65537 bytes                                 | 2   |

    @3.1.1/MQTT-2.3.1-5 @5.0/MQTT-2.2.1-2
    Scenario: a message of QoS 0 has no Packet Identifier
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes "hex 00 01 02" to "t" at QoS 0
      Then S receives "hex 00 01 02" on "t"
      And it has:
        | QoS               | 0      |
        | Packet Identifier | absent |

  Rule: Packet Identifiers of both sides

    @3.1.1/MQTT-2.3.1-4 @3.1.1/RULE-2.3.1-one-space-per-side @3.1.1/MQTT-4.3.2-1 @3.1.1/MQTT-4.3.3-1
    @5.0/MQTT-2.2.1-4 @5.0/RULE-2.2.1-one-space-per-side @5.0/MQTT-4.3.2-1 @5.0/MQTT-4.3.3-1
    @needs:qos1 @needs:qos2
    Scenario: messages of QoS 1 and 2 that are open have different Packet Identifiers
      Given S is connected
      And S is subscribed to "one" at QoS 1
      And S is subscribed to "two" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 3 messages to "one" at QoS 1
      And P publishes 3 messages to "two" at QoS 2
      And P publishes 2 messages to "one" at QoS 1
      Then 8 messages of S are open, each with a Packet Identifier of its own

    @3.1.1/RULE-2.3.1-independent-sides @5.0/RULE-2.2.1-independent-sides
    @needs:qos1 @needs:qos2
    Scenario Outline: a Client publishes at QoS <qos> with a number that the Server has in use
      Given S is connected
      And S is subscribed to "down" at QoS 1
      And S does not acknowledge
      And P is connected
      And P is subscribed to "up" at QoS <qos>
      And P has published "theirs" to "down" at QoS 1
      And S has received "theirs" on "down" at QoS 1
      Then S can publish "mine" to "up" at QoS <qos> with the Packet Identifier of the message "theirs"
      And P receives "mine" on "up" at QoS <qos>
      When S sends PUBACK for the message "theirs"
      Then the Network Connection of S stays open

      Examples:
        | qos |
        | 1   |
        | 2   |

    @3.1.1/RULE-2.3.1-independent-sides @5.0/RULE-2.2.1-independent-sides
    @needs:qos2
    Scenario: two exchanges of QoS 2 with one number run in opposite directions
      Given S is connected
      And S is subscribed to "down" at QoS 2
      And S does not acknowledge
      And P is connected
      And P is subscribed to "up" at QoS 2
      And P has published "theirs" to "down" at QoS 2
      And S has received "theirs" on "down" at QoS 2
      When S sends PUBREC for the message "theirs"
      And S has received PUBREL for the message "theirs"
      Then S can publish "mine" to "up" at QoS 2 with the Packet Identifier of the message "theirs"
      And P receives "mine" on "up" at QoS 2
      When S sends PUBCOMP for the message "theirs"
      Then the Network Connection of S stays open
      And S receives no PUBREL

    @5.0/RULE-2.2.1-identifier-is-free-again
    @needs:qos1 @needs:qos2
    Scenario: one Packet Identifier is used for one exchange after the other
      Given A is connected
      And N is connected
      And N is subscribed to "t" at QoS 0
      When A sends SUBSCRIBE 5 to:
        | u | 0 |
      Then A receives SUBACK with:
        | Packet Identifier | 5 |
      And A can publish "one" to "t" at QoS 1 with Packet Identifier 5
      And A can publish "two" to "t" at QoS 2 with Packet Identifier 5
      When A sends UNSUBSCRIBE 5 from:
        | u |
      Then A receives UNSUBACK with:
        | Packet Identifier | 5 |
      And A can publish "three" to "t" at QoS 2 with Packet Identifier 5
      And A can publish "four" to "t" at QoS 1 with Packet Identifier 5
      And N receives on "t" in order:
        | one   |
      And N receives "two" on "t"
      And N receives "three" on "t"
      And N receives "four" on "t"

    @3.1.1/MQTT-2.3.1-6 @3.1.1/MQTT-3.3.4-1 @5.0/MQTT-2.2.1-5 @5.0/MQTT-3.3.4-1
    @needs:qos1 @needs:qos2
    Scenario Outline: a message of QoS <qos> is taken with the Packet Identifier <id>
      Given P is connected
      And P has published "before" to "t" at QoS <qos>
      Then P can publish "m" to "t" at QoS <qos> with Packet Identifier <id>

      Examples:
        | qos | id    |
        | 1   | 1     |
        | 1   | 256   |
        | 1   | 65535 |
        | 2   | 1     |
        | 2   | 256   |
        | 2   | 65535 |

    @3.1.1/MQTT-4.8.0-1 @5.0/MQTT-4.13.1-1
    @needs:qos1
    Scenario: the Packet Identifier 0 closes the Network Connection
      Given P is connected
      And P has published "good" to "t" at QoS 1
      When P sends PUBLISH of QoS 1 in which:
        | Packet Identifier | 0 |
      Then the Server closes the Network Connection of P

  Rule: There is no QoS 3

    @3.1.1/MQTT-3.3.1-4 @5.0/RULE-3.3.1.2-qos-3 @5.0/MQTT-4.13.1-1
    @needs:qos1
    Scenario Outline: a PUBLISH with the flags <flags> closes the Network Connection
      Given S is connected
      And S is subscribed to "crafted" at QoS 0
      And P is connected
      And P has published "good" to "crafted" at QoS 1
      And S has received "good" on "crafted"
      When P sends PUBLISH of QoS 1 in which:
        | Flags | <flags> |
      Then the Server closes the Network Connection of P
      And S receives no message

      Examples:
        | flags |
        | 6     |
        | 7     |
        | 14    |

  Rule: Properties that may stand once

    @5.0/RULE-3.3.2.3.5-twice @5.0/MQTT-4.13.1-1
    Scenario: two of Response Topic close the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      And P has published:
        | Topic Name     | t    |
        | Payload        | good |
        | Response Topic | r    |
      And S has received "good" on "t"
      When P sends the erroneous PUBLISH with:
        | Topic Name     | t   |
        | Payload        | bad |
        | Response Topic | r   |
        | Response Topic | r   |
      Then the Server closes the Network Connection of P
      And S receives no message

    @5.0/RULE-3.3.2.3.6-twice @5.0/MQTT-4.13.1-1
    Scenario: two of Correlation Data close the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      And P has published:
        | Topic Name       | t    |
        | Payload          | good |
        | Correlation Data | c    |
      And S has received "good" on "t"
      When P sends the erroneous PUBLISH with:
        | Topic Name       | t   |
        | Payload          | bad |
        | Correlation Data | c   |
        | Correlation Data | c   |
      Then the Server closes the Network Connection of P
      And S receives no message

    @5.0/RULE-3.3.2.3.9-twice @5.0/MQTT-4.13.1-1
    Scenario: two of Content Type close the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      And P has published:
        | Topic Name   | t    |
        | Payload      | good |
        | Content Type | c    |
      And S has received "good" on "t"
      When P sends the erroneous PUBLISH with:
        | Topic Name   | t   |
        | Payload      | bad |
        | Content Type | c   |
        | Content Type | c   |
      Then the Server closes the Network Connection of P
      And S receives no message

  Rule: DUP, RETAIN and QoS say what they are for in each direction

    @3.1.1/MQTT-3.3.1-3 @5.0/MQTT-3.3.1-3
    @needs:qos1 @needs:qos2
    Scenario Outline: DUP 1 of a message of QoS <published> is not passed on to a Subscription of QoS <subscribed>
      Given S is connected
      And S is subscribed to "t" at QoS <subscribed>
      And P is connected
      When P publishes:
        | Topic Name | t           |
        | Payload    | m           |
        | QoS        | <published> |
        | DUP        | 1           |
      And S has received "m" on "t"
      Then it has:
        | DUP | 0 |

      Examples:
        | published | subscribed |
        | 1         | 0          |
        | 1         | 1          |
        | 2         | 0          |
        | 2         | 1          |
        | 2         | 2          |

    @3.1.1/MQTT-3.3.1-3 @5.0/MQTT-3.3.1-3
    @needs:qos1 @needs:session-persistence
    Scenario: DUP 1 is not passed on to a subscriber that was away
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      When P publishes:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 1 |
        | DUP        | 1 |
      And S returns to its Session
      And S has received "m" on "t"
      Then it has:
        | DUP | 0 |
