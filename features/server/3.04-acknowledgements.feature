Feature: PUBACK, PUBREC, PUBREL and PUBCOMP

  Rule: The Server takes acknowledgements in each of their forms

    @5.0/RULE-3.4.2.1-short-form
    @needs:qos1
    Scenario Outline: a PUBACK of Remaining Length <length> is taken
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes 2 messages to "t" at QoS 1
      And S has received "1" on "t" at QoS 1
      And S sends PUBACK of Remaining Length <length> for that message
      Then S receives "2" on "t" at QoS 1

      Examples:
        | length |
        | 2      |
        | 3      |
        | 4      |

    @5.0/RULE-3.5.2.1-short-form @5.0/MQTT-4.3.3-4 @5.0/MQTT-2.2.1-5
    @needs:qos2
    Scenario Outline: a PUBREC of Remaining Length <length> is answered by PUBREL
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t" at QoS 2
      And S sends PUBREC of Remaining Length <length> for that message
      Then S receives PUBREL for the message "m"

      Examples:
        | length |
        | 2      |
        | 3      |
        | 4      |

    @5.0/RULE-3.6.2.1-short-form @5.0/MQTT-4.3.3-11
    @needs:qos2
    Scenario Outline: a PUBREL of Remaining Length <length> is answered by PUBCOMP
      Given P is connected
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name        | t  |
        | Payload           | m  |
        | QoS               | 2  |
        | Packet Identifier | 77 |
      And P has received PUBREC
      And P sends PUBREL of Remaining Length <length> for Packet Identifier 77
      Then P receives PUBCOMP with:
        | Packet Identifier | 77   |
        | Reason Code       | 0x00 |

      Examples:
        | length |
        | 2      |
        | 3      |
        | 4      |

    @5.0/RULE-3.7.2.1-short-form
    @needs:qos2
    Scenario Outline: a PUBCOMP of Remaining Length <length> is taken
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 2 messages to "t" at QoS 2
      And S has received "1" on "t" at QoS 2
      And S sends PUBREC for the message "1"
      And S has received PUBREL for the message "1"
      And S sends PUBCOMP of Remaining Length <length> for that message
      Then S receives "2" on "t" at QoS 2

      Examples:
        | length |
        | 2      |
        | 3      |
        | 4      |

  Rule: In 3.1.1 acknowledgements have a Remaining Length of 2

    @3.1.1/RULE-3.4.1-remaining-length @3.1.1/MQTT-4.8.0-1
    @needs:qos1
    Scenario: a PUBACK that is longer closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes 2 messages to "t" at QoS 1
      And S has received "1" on "t" at QoS 1
      And S has received "2" on "t" at QoS 1
      And S sends PUBACK for the message "1"
      And everything for S has arrived
      And S sends PUBACK of Remaining Length 3 for that message
      Then the Server closes the Network Connection of S

    @3.1.1/RULE-3.7.1-remaining-length @3.1.1/MQTT-4.8.0-1
    @needs:qos2
    Scenario: a PUBCOMP that is longer closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t" at QoS 2
      And S sends PUBREC for that message
      And S has received PUBREL
      And everything for S has arrived
      And S sends PUBCOMP of Remaining Length 3 for that message
      Then the Server closes the Network Connection of S

    @3.1.1/RULE-3.5.1-remaining-length @3.1.1/MQTT-4.8.0-1
    @needs:qos2
    Scenario: a PUBREC that is longer closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 2 messages to "t" at QoS 2
      And S has received "1" on "t" at QoS 2
      And S has received "2" on "t" at QoS 2
      And S sends PUBREC for the message "1"
      And S has received PUBREL for the message "1"
      And S sends PUBREC of Remaining Length 3 for that message
      Then the Server closes the Network Connection of S

    @3.1.1/RULE-3.6.1-remaining-length @3.1.1/MQTT-4.8.0-1
    @needs:qos2
    Scenario: a PUBREL that is longer closes the Network Connection
      Given P is connected
      And P has published "good" to "t" at QoS 2
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name        | t  |
        | Payload           | m  |
        | QoS               | 2  |
        | Packet Identifier | 77 |
      And P has received PUBREC
      And P sends PUBREL of Remaining Length 3 for Packet Identifier 77
      Then the Server closes the Network Connection of P

  Rule: Acknowledgements may have Reason String and User Property, the first of them once

    @5.0/MQTT-4.3.3-4
    @needs:qos2
    Scenario: a PUBREC with Properties is answered by PUBREL
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t" at QoS 2
      And S sends PUBREC for that message with:
        | Reason String | why   |
        | User Property | a = 1 |
        | User Property | a = 1 |
      Then S receives PUBREL for the message "m"

    @5.0/RULE-3.4.2.2.2-twice @5.0/MQTT-4.13.1-1
    @needs:qos1
    Scenario: a PUBACK with two of Reason String closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 1
      And S has received "m" on "t" at QoS 1
      And S sends PUBACK for that message with:
        | Reason String | why |
      And P publishes "n" to "t" at QoS 1
      And S has received "n" on "t" at QoS 1
      And S sends PUBACK for that message with:
        | Reason String | why |
        | Reason String | why |
      Then the Server closes the Network Connection of S

    @5.0/RULE-3.5.2.2.2-twice @5.0/MQTT-4.13.1-1
    @needs:qos2
    Scenario: a PUBREC with two of Reason String closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t" at QoS 2
      And S sends PUBREC for that message with:
        | Reason String | why |
      And S has received PUBREL for the message "m"
      And P publishes "n" to "t" at QoS 2
      And S has received "n" on "t" at QoS 2
      And S sends PUBREC for that message with:
        | Reason String | why |
        | Reason String | why |
      Then the Server closes the Network Connection of S

    @5.0/RULE-3.6.2.2.2-twice @5.0/MQTT-4.13.1-1
    @needs:qos2
    Scenario: a PUBREL with two of Reason String closes the Network Connection
      Given P is connected
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 2 |
      And P has received PUBREC
      And P sends PUBREL for that message with:
        | Reason String | why |
      And P has received PUBCOMP
      And P sends PUBLISH with:
        | Topic Name | t |
        | Payload    | n |
        | QoS        | 2 |
      And P has received PUBREC
      And P sends PUBREL for that message with:
        | Reason String | why |
        | Reason String | why |
      Then the Server closes the Network Connection of P

    @5.0/RULE-3.7.2.2.2-twice @5.0/MQTT-4.13.1-1
    @needs:qos2
    Scenario: a PUBCOMP with two of Reason String closes the Network Connection
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 2 messages to "t" at QoS 2
      And S has received "1" on "t" at QoS 2
      And S sends PUBREC for the message "1"
      And S has received PUBREL for the message "1"
      And S sends PUBCOMP for that message with:
        | Reason String | why |
      And S has received "2" on "t" at QoS 2
      And S sends PUBREC for the message "2"
      And S has received PUBREL for the message "2"
      And S sends PUBCOMP for that message with:
        | Reason String | why |
        | Reason String | why |
      Then the Server closes the Network Connection of S

  Rule: The Server answers every PUBLISH and PUBREL of a burst
