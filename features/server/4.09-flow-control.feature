Feature: Flow control

  Rule: An acknowledgement that ends an exchange gives the quota back

    @5.0/RULE-4.9-quota-returns @5.0/MQTT-4.9.0-1 @5.0/MQTT-4.9.0-2 @5.0/MQTT-3.3.4-9
    @needs:qos1 @needs:qos2
    Scenario Outline: at Receive Maximum 1 <acknowledgement> <code> makes room for one message of QoS <qos>
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS <qos>
      And S does not acknowledge
      And P is connected
      When P publishes 3 messages to "t" at QoS <qos>
      And S has received "1" on "t" at QoS <qos>
      Then S receives no further message [5.0/MQTT-4.9.0-1, 5.0/MQTT-4.9.0-2, 5.0/MQTT-3.3.4-9]
      When S sends <acknowledgement> with Reason Code <code> for that message
      Then S receives "2" on "t" at QoS <qos> [5.0/RULE-4.9-quota-returns]
      And S receives no further message [5.0/MQTT-4.9.0-2, 5.0/MQTT-3.3.4-9]

      Examples:
        | acknowledgement | code | qos |
        | PUBACK          | 0x00 | 1   |
        | PUBACK          | 0x80 | 1   |
        | PUBREC          | 0x80 | 2   |
        | PUBREC          | 0x97 | 2   |

    @5.0/RULE-4.9-quota-returns @5.0/MQTT-4.9.0-2 @5.0/MQTT-3.3.4-9
    @needs:qos2
    Scenario: a successful PUBREC makes no room, and the PUBCOMP does
      Given S is connected with:
        | Receive Maximum | 2 |
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 4 messages to "t" at QoS 2
      And S has received "1" on "t" at QoS 2
      And S has received "2" on "t" at QoS 2
      And S sends PUBREC for the message "1"
      And S has received PUBREL for the message "1"
      Then S receives no further message [5.0/RULE-4.9-quota-returns, 5.0/MQTT-4.9.0-2, 5.0/MQTT-3.3.4-9]
      When S sends PUBCOMP for the message "1"
      Then S receives "3" on "t" at QoS 2 [5.0/RULE-4.9-quota-returns]
      And S receives no further message [5.0/MQTT-4.9.0-2, 5.0/MQTT-3.3.4-9]

    @5.0/MQTT-4.9.0-2 @5.0/MQTT-3.3.4-9
    @needs:qos1 @needs:qos2
    Scenario: messages of QoS 1 and of QoS 2 share the quota
      Given S is connected with:
        | Receive Maximum | 2 |
      And S is subscribed to "one" at QoS 1
      And S is subscribed to "two" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes "a" to "one" at QoS 1
      And P publishes "b" to "two" at QoS 2
      And S has received "a" on "one" at QoS 1
      And S has received "b" on "two" at QoS 2
      And P publishes "c" to "one" at QoS 1
      And P publishes "d" to "two" at QoS 2
      Then S receives no message

    @5.0/RULE-4.9-quota-never-above-start
    @needs:qos1
    Scenario: a PUBACK for nothing makes no room
      Given S is connected with:
        | Receive Maximum | 2 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When S sends PUBACK for Packet Identifier 60000
      And the Server keeps the Network Connection of S open
      And P publishes 4 messages to "t" at QoS 1
      And S has received "1" on "t" at QoS 1
      And S has received "2" on "t" at QoS 1
      Then S receives no further message

    @5.0/MQTT-3.3.4-9 @5.0/MQTT-4.9.0-2
    @needs:qos1
    Scenario: the quota is the same after many messages
      Given S is connected with:
        | Receive Maximum | 2 |
      And S is subscribed to "t" at QoS 1
      And P is connected
      When P publishes 6 messages to "t" at QoS 1
      And S has received "6" on "t" at QoS 1
      And S stops acknowledging
      And P publishes "a" to "t" at QoS 1
      And P publishes "b" to "t" at QoS 1
      And P publishes "c" to "t" at QoS 1
      And S has received "a" on "t"
      And S has received "b" on "t"
      Then S receives no message "c"

  Rule: Each Network Connection has a quota of its own

    @5.0/RULE-4.9-quota-per-connection @5.0/MQTT-3.3.4-9 @5.0/MQTT-4.9.0-2
    @needs:qos1 @needs:session-persistence
    Scenario: what is sent again keeps to the new Receive Maximum
      Given S is connected and its Session is kept, with:
        | Receive Maximum | 3 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes 3 messages to "t" at QoS 1
      And S has received "1" on "t" at QoS 1
      And S loses its Network Connection
      And S returns to its Session with:
        | Receive Maximum | 1 |
      Then S receives "1" on "t" again [5.0/RULE-4.9-quota-per-connection]
      And S receives no further message
      When S sends PUBACK for the message "1"
      Then S receives "2" on "t" [5.0/RULE-4.9-quota-per-connection]
      And S receives no further message

    @5.0/RULE-4.9-quota-per-connection @5.0/MQTT-3.3.4-9 @5.0/MQTT-4.9.0-1
    @needs:qos1 @needs:session-persistence
    Scenario: a greater Receive Maximum is not exceeded either
      Given S is connected and its Session is kept, with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes 5 messages to "t" at QoS 1
      And S has received "1" on "t" at QoS 1
      And S loses its Network Connection
      And S returns to its Session with:
        | Receive Maximum | 3 |
      Then S receives "1" on "t" again [5.0/RULE-4.9-quota-per-connection]
      And S receives no message "4"

  Rule: Without quota everything but PUBLISH goes on

    @5.0/MQTT-3.3.4-10 @5.0/MQTT-4.9.0-3
    @needs:qos1
    Scenario: SUBSCRIBE, UNSUBSCRIBE and PINGREQ are answered
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes 2 messages to "t" at QoS 1
      And S has received "1" on "t" at QoS 1
      And S sends SUBSCRIBE 900 to:
        | u | 1 |
      Then S receives SUBACK with:
        | Packet Identifier | 900 |
      When S sends UNSUBSCRIBE 901 from:
        | u |
      Then S receives UNSUBACK with:
        | Packet Identifier | 901 |
      When S sends PINGREQ
      Then S receives PINGRESP

    @5.0/MQTT-3.3.4-10 @5.0/MQTT-4.9.0-3
    @needs:qos1 @needs:qos2
    Scenario Outline: a PUBLISH of QoS <qos> from the same Client is taken
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      And N is connected
      And N is subscribed to "u" at QoS 0
      When P publishes 2 messages to "t" at QoS 1
      And S has received "1" on "t" at QoS 1
      Then S can publish "mine" to "u" at QoS <qos>
      And N receives "mine" on "u"

      Examples:
        | qos |
        | 1   |
        | 2   |

    @5.0/MQTT-3.3.4-10 @5.0/MQTT-4.9.0-3
    @needs:qos2
    Scenario: an exchange that is open is brought to its end
      Given S is connected with:
        | Receive Maximum | 1 |
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 2 messages to "t" at QoS 2
      And S has received "1" on "t" at QoS 2
      And S sends PUBREC for the message "1"
      Then S receives PUBREL for the message "1"

  Rule: More open messages than the Server's Receive Maximum are an error

    @5.0/RULE-3.3.4-receive-maximum-exceeded @5.0/MQTT-4.13.1-1
    @needs:qos2
    Scenario: one message of QoS 2 too many closes the Network Connection
      Given P is connected
      When P has as many messages to "t" open as the Receive Maximum of the Server allows
      And P sends PINGREQ
      And P has received PINGRESP
      And P sends one message more to "t" at QoS 2
      Then the Server closes the Network Connection of P

    @5.0/RULE-3.3.4-receive-maximum-exceeded @5.0/MQTT-4.13.1-1
    @server:receive-maximum-2
    Scenario: a third message of QoS 2 is too many at Receive Maximum 2
      Given P is connected
      When P has as many messages to "t" open as the Receive Maximum of the Server allows
      And P sends PINGREQ
      And P has received PINGRESP
      And P sends one message more to "t" at QoS 2
      Then the Server closes the Network Connection of P

    @5.0/RULE-4.9-quota-returns
    @server:receive-maximum-2
    Scenario: a message of QoS 2 whose exchange is complete does not count
      Given P is connected
      And P has published "1" to "t" at QoS 2
      And P has published "2" to "t" at QoS 1
      When P has as many messages to "t" open as the Receive Maximum of the Server allows
      And P sends PUBREL for that message
      And P has received PUBCOMP
      Then P can publish "after" to "t" at QoS 2
      And the Network Connection of P stays open
