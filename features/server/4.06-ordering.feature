Feature: Message ordering

  Rule: Messages of one publisher, topic and QoS arrive in the order in which they were published

    @3.1.1/MQTT-4.6.0-5 @3.1.1/MQTT-4.6.0-6 @5.0/MQTT-4.6.0-5 @5.0/MQTT-4.6.0-6
    @needs:qos1 @needs:qos2
    Scenario Outline: a burst of messages of QoS <qos> for a Subscription of QoS <subscribed>
      Given S is connected
      And S is subscribed to "t" at QoS <subscribed>
      And P is connected
      And P has published "before" to "u" at QoS <qos>
      When P sends 10 messages to "t" at QoS <qos> at once
      Then S receives on "t" in order:
        | 1  |
        | 2  |
        | 3  |
        | 4  |
        | 5  |
        | 6  |
        | 7  |
        | 8  |
        | 9  |
        | 10 |
      And S receives no further message

      Examples:
        | qos | subscribed |
        | 0   | 0          |
        | 1   | 1          |
        | 2   | 2          |
        | 1   | 0          |
        | 2   | 0          |
        | 2   | 1          |

    @3.1.1/MQTT-4.6.0-5 @3.1.1/MQTT-4.6.0-6 @5.0/MQTT-4.6.0-5 @5.0/MQTT-4.6.0-6
    @needs:qos1 @needs:qos2 @needs:session-persistence
    Scenario Outline: messages of QoS <qos> that wait for their subscriber
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS <qos>
      And S has lost its Network Connection
      And P is connected
      When P publishes 5 messages to "t" at QoS <qos>
      And S returns to its Session
      And P publishes "6" to "t" at QoS <qos>
      Then S receives on "t" in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |
        | 5 |
        | 6 |
      And S receives no further message

      Examples:
        | qos |
        | 1   |
        | 2   |

    @5.0/MQTT-4.6.0-5 @5.0/MQTT-4.6.0-6
    @needs:qos1 @needs:qos2
    Scenario Outline: messages of QoS <qos> that wait for the Receive Maximum
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS <qos>
      And P is connected
      When P sends 6 messages to "t" at QoS <qos> at once
      Then S receives on "t" in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |
        | 5 |
        | 6 |
      And S receives no further message

      Examples:
        | qos |
        | 1   |
        | 2   |

    @3.1.1/MQTT-4.6.0-5 @3.1.1/MQTT-4.6.0-6 @5.0/MQTT-4.6.0-5 @5.0/MQTT-4.6.0-6
    @needs:qos1
    Scenario: two publishers on one topic each keep their order
      Given S is connected
      And S is subscribed to "a" at QoS 1
      And S is subscribed to "b" at QoS 1
      And P is connected
      And Q is connected
      When P sends 4 messages to "a" at QoS 1 at once
      And Q sends 4 messages to "b" at QoS 1 at once
      Then S receives on "a" in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |
      And S receives on "b" in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |

  Rule: PUBREL packets come in the order of the PUBREC packets

    @3.1.1/MQTT-4.6.0-6 @5.0/RULE-4.6-server-follows-client-rules
    @needs:qos2
    Scenario: PUBREC packets are sent in another order than the messages came in
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 3 messages to "t" at QoS 2
      And S has received "1" on "t" at QoS 2
      And S has received "2" on "t" at QoS 2
      And S has received "3" on "t" at QoS 2
      And S sends PUBREC for the message "3"
      And S sends PUBREC for the message "1"
      And S sends PUBREC for the message "2"
      Then S receives PUBREL for the message "3"
      And S receives PUBREL for the message "1"
      And S receives PUBREL for the message "2"
