Feature: Message delivery retry

  Rule: What is unacknowledged is sent again as it was, in the order of the first sending

    @3.1.1/MQTT-4.4.0-1 @3.1.1/MQTT-2.3.1-4 @3.1.1/MQTT-4.6.0-6 @3.1.1/MQTT-4.1.0-1
    @5.0/MQTT-4.4.0-1 @5.0/RULE-4.6-server-follows-client-rules @5.0/MQTT-3.1.2-23
    @needs:qos1 @needs:qos2 @needs:session-persistence
    Scenario Outline: three open messages of QoS <qos> come again with their Packet Identifiers
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS <qos>
      And S does not acknowledge
      And P is connected
      When P publishes 3 messages to "t" at QoS <qos>
      And S has received "1" on "t" at QoS <qos>
      And S has received "2" on "t" at QoS <qos>
      And S has received "3" on "t" at QoS <qos>
      And S loses its Network Connection
      And S returns to its Session
      Then S receives "1" on "t" again
      And S receives "2" on "t" again
      And S receives "3" on "t" again
      And S receives no further message

      Examples:
        | qos |
        | 1   |
        | 2   |

    @3.1.1/MQTT-4.4.0-1 @3.1.1/MQTT-4.3.2-1 @5.0/MQTT-4.4.0-1 @5.0/MQTT-4.3.2-3
    @needs:qos1 @needs:session-persistence
    Scenario: of three messages only the unacknowledged ones come again
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes 3 messages to "t" at QoS 1
      And S has received "1" on "t" at QoS 1
      And S has received "2" on "t" at QoS 1
      And S has received "3" on "t" at QoS 1
      And S sends PUBACK for the message "2"
      And everything for S has arrived
      And S loses its Network Connection
      And S returns to its Session
      Then S receives "1" on "t" again
      And S receives "3" on "t" again
      And S receives no message "2"

    @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.4.0-1
    @needs:qos1 @needs:session-persistence
    Scenario: a message comes again at every resumption until it is acknowledged
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 1
      And S has received "m" on "t" at QoS 1
      And S loses its Network Connection
      And S returns to its Session
      Then S receives "m" on "t" again
      When S resets its Network Connection
      And S returns to its Session
      Then S receives "m" on "t" again
      When S sends PUBACK for the message "m"
      And everything for S has arrived
      And S loses its Network Connection
      And S returns to its Session
      Then the Session of S is present
      And S receives no message

    @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.4.0-1
    @needs:qos1 @needs:session-persistence
    Scenario: open messages come again after DISCONNECT, too
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 1
      And S has received "m" on "t" at QoS 1
      And S disconnects
      And S returns to its Session
      Then S receives "m" on "t" again

    @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.4.0-1
    @needs:qos1 @needs:session-persistence
    Scenario: open messages come again where a second Network Connection takes the Session over
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And N uses the Client Identifier of S
      And P is connected
      When P publishes "m" to "t" at QoS 1
      And S has received "m" on "t" at QoS 1
      And N returns to its Session
      Then N receives "m" on "t"
        | QoS | 1 |

    @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.4.0-1
    @needs:qos1 @needs:session-persistence
    Scenario: messages that waited come behind those that are sent again
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes "1" to "t" at QoS 1
      And S has received "1" on "t" at QoS 1
      And S loses its Network Connection
      And P publishes "2" to "t" at QoS 1
      And S returns to its Session
      Then S receives "1" on "t" again
      When S sends PUBACK for the message "1"
      Then S receives "2" on "t" at QoS 1

  Rule: From PUBREC to PUBCOMP it is the PUBREL that comes again

    @3.1.1/MQTT-4.4.0-1 @3.1.1/MQTT-4.3.3-1 @3.1.1/MQTT-2.3.1-6
    @5.0/MQTT-4.4.0-1 @5.0/MQTT-4.3.3-5 @5.0/MQTT-4.3.3-6 @5.0/MQTT-2.2.1-5
    @needs:qos2 @needs:session-persistence
    Scenario: one exchange is at PUBLISH, one at PUBREL and one complete
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 3 messages to "t" at QoS 2
      And S has received "1" on "t" at QoS 2
      And S has received "2" on "t" at QoS 2
      And S has received "3" on "t" at QoS 2
      And S sends PUBREC for the message "1"
      And S has received PUBREL for the message "1"
      And S sends PUBCOMP for the message "1"
      And S sends PUBREC for the message "2"
      And S has received PUBREL for the message "2"
      And everything for S has arrived
      And S loses its Network Connection
      And S returns to its Session
      Then S receives PUBREL for the message "2"
      And S receives "3" on "t" again
      And S receives no further message
      And S receives no PUBREL

    @3.1.1/MQTT-4.4.0-1 @3.1.1/MQTT-4.3.3-1 @5.0/MQTT-4.4.0-1 @5.0/MQTT-4.3.3-5
    @needs:qos2 @needs:session-persistence
    Scenario: the PUBREL comes again at every resumption until PUBCOMP
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t" at QoS 2
      And S sends PUBREC for the message "m"
      And S has received PUBREL for the message "m"
      And S loses its Network Connection
      And S returns to its Session
      Then S receives PUBREL for the message "m"
      When S loses its Network Connection
      And S returns to its Session
      Then S receives PUBREL for the message "m"
      When S sends PUBCOMP for the message "m"
      And everything for S has arrived
      And S loses its Network Connection
      And S returns to its Session
      Then the Session of S is present
      And S receives no PUBREL
      And S receives no message

    @5.0/MQTT-4.4.0-2
    @needs:qos2 @needs:session-persistence
    Scenario: a PUBLISH that was refused by PUBREC 0x80 does not come again
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t" at QoS 2
      And S sends PUBREC with Reason Code 0x80 for that message
      And everything for S has arrived
      And S loses its Network Connection
      And S returns to its Session
      Then the Session of S is present
      And S receives no message
      And S receives no PUBREL

  Rule: Nothing is sent again at another time

    @5.0/MQTT-4.4.0-1
    @needs:qos1 @needs:qos2
    Scenario Outline: a PUBLISH of QoS <qos> is not repeated while the Network Connection stays open
      Given S is connected
      And S is subscribed to "t" at QoS <qos>
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS <qos>
      And S has received "m" on "t" at QoS <qos>
      And 3.0 seconds pass
      Then S receives no further message

      Examples:
        | qos |
        | 1   |
        | 2   |

    @5.0/MQTT-4.4.0-1
    @needs:qos2
    Scenario: a PUBREL is not repeated while the Network Connection stays open
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS 2
      And S has received "m" on "t" at QoS 2
      And S sends PUBREC for the message "m"
      And S has received PUBREL for the message "m"
      And 3.0 seconds pass
      Then S receives no PUBREL
      And S receives no further message

    @5.0/MQTT-4.4.0-1 @5.0/MQTT-3.1.2-4 @3.1.1/MQTT-3.1.2-6
    @needs:qos1 @needs:qos2 @needs:session-persistence
    Scenario Outline: after a clean start nothing of QoS <qos> comes again
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS <qos>
      And S does not acknowledge
      And P is connected
      When P publishes "m" to "t" at QoS <qos>
      And S has received "m" on "t" at QoS <qos>
      And S loses its Network Connection
      And S connects
      Then the Session of S is not present
      And S receives no message

      Examples:
        | qos |
        | 1   |
        | 2   |

  Rule: The Server takes what a Client sends again

    @3.1.1/MQTT-4.3.3-2 @3.1.1/MQTT-4.1.0-1 @5.0/MQTT-4.3.3-11
    @needs:qos2 @needs:session-persistence
    Scenario: PUBREL comes after the Session was resumed
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 7 |
      And P has received PUBREC
      And P loses its Network Connection
      And P returns to its Session
      And P sends PUBREL for Packet Identifier 7
      Then P receives PUBCOMP with:
        | Packet Identifier | 7 |
      And S receives "m" on "t"
      And S receives no further message

    @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.3.3-11
    @needs:qos2 @needs:session-persistence
    Scenario: PUBREL comes again after the Session was resumed, although the Server had answered it
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 7 |
      And P has received PUBREC
      And P sends PUBREL for Packet Identifier 7
      And P has received PUBCOMP
      And P loses its Network Connection
      And P returns to its Session
      And P sends PUBREL for Packet Identifier 7
      Then P receives PUBCOMP with:
        | Packet Identifier | 7 |
      And S receives "m" on "t"
      And S receives no further message

    @3.1.1/MQTT-4.3.3-2 @3.1.1/MQTT-4.1.0-1 @5.0/MQTT-4.3.3-10
    @needs:qos2 @needs:session-persistence
    Scenario: a PUBLISH of QoS 2 is sent again at two resumptions and delivered once
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And P does not acknowledge
      When P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 7 |
      And P has received PUBREC
      And P loses its Network Connection
      And P returns to its Session
      And P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | DUP               | 1 |
        | Packet Identifier | 7 |
      Then P receives PUBREC with:
        | Packet Identifier | 7 |
      When P resets its Network Connection
      And P returns to its Session
      And P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | DUP               | 1 |
        | Packet Identifier | 7 |
      Then P receives PUBREC with:
        | Packet Identifier | 7 |
      When P sends PUBREL for Packet Identifier 7
      Then P receives PUBCOMP with:
        | Packet Identifier | 7 |
      And S receives "m" on "t"
      And S receives no further message

    @3.1.1/MQTT-4.3.2-2 @5.0/MQTT-4.3.2-4 @5.0/MQTT-4.3.2-5
    @needs:qos1 @needs:session-persistence
    Scenario: a PUBLISH of QoS 1 is sent again after the Session was resumed
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected and its Session is kept
      When P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 1 |
        | Packet Identifier | 7 |
      And P has received PUBACK
      And P loses its Network Connection
      And P returns to its Session
      And P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 1 |
        | DUP               | 1 |
        | Packet Identifier | 7 |
      Then P receives PUBACK with:
        | Packet Identifier | 7 |
      And S receives "m" on "t"
      And S receives "m" on "t"
