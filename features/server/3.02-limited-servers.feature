Feature: Servers with limits

  Rule: A Server without Maximum QoS takes every QoS

    @5.0/MQTT-3.2.2-9
    @needs:qos1 @needs:qos2
    Scenario Outline: a message of QoS <qos> is acknowledged to the end
      Given P is connected
      And P is subscribed to "t" at QoS 0
      When P sends PUBLISH with:
        | Topic Name | t     |
        | Payload    | m     |
        | QoS        | <qos> |
      Then P receives <last>

      Examples:
        | qos | last    |
        | 1   | PUBACK  |
        | 2   | PUBCOMP |

  Rule: A Server with a Maximum QoS accepts every Subscription

    @5.0/MQTT-3.2.2-10
    Scenario Outline: a Server with Maximum QoS <limit> accepts a Subscription of QoS 2
      Given A is connected
      When A sends SUBSCRIBE 1 to:
        | t | 2 |
      Then A receives SUBACK with:
        | Reason Codes | 0x00 or 0x01 or 0x02 |
      And the Network Connection of A stays open

      @server:maximum-qos-0
      Examples:
        | limit |
        | 0     |

      @server:maximum-qos-1
      Examples:
        | limit |
        | 1     |

    @5.0/MQTT-3.2.2-12 @server:maximum-qos-1
    Scenario: a Will QoS above the Maximum QoS is refused
      Given B is connected
      When A sends CONNECT with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will QoS     | 2    |
      Then the Server refuses the CONNECT of A

    @5.0/MQTT-3.2.2-13 @server:no-retain
    Scenario: a Will that is to be retained is refused where nothing is retained
      Given B is connected
      When A sends CONNECT with:
        | Will Topic   | will |
        | Will Payload | gone |
        | Will Retain  | 1    |
      Then the Server refuses the CONNECT of A

  Rule: Access is controlled

    @5.0/MQTT-3.1.4-2 @server:users
    Scenario: wrong credentials are refused
      Given B is connected with:
        | User Name | writer |
        | Password  | secret |
      When A sends CONNECT with:
        | User Name | writer |
        | Password  | wrong  |
      Then the Server refuses the CONNECT of A

    @3.1.1/MQTT-3.3.5-2 @server:users
    Scenario: a message that may not be published is acknowledged or the Network Connection is closed, and nobody gets it
      Given S is connected with:
        | User Name | writer |
        | Password  | secret |
      And S is subscribed to "t" at QoS 1
      And R is connected with:
        | User Name | reader |
        | Password  | secret |
      When R sends PUBLISH with:
        | Topic Name        | t         |
        | Payload           | forbidden |
        | QoS               | 1         |
        | Packet Identifier | 1         |
      And R disconnects
      And W connects with:
        | User Name | writer |
        | Password  | secret |
      And W publishes "allowed" to "t" at QoS 1
      Then S receives "allowed" on "t"
      And S receives no message

    @5.0/MQTT-4.3.3-9 @server:users
    @needs:qos2
    Scenario: after PUBREC with a failure the Packet Identifier stands for a new message
      Given R is connected with:
        | User Name | reader |
        | Password  | secret |
      And R does not acknowledge
      When R sends PUBLISH with:
        | Topic Name        | t         |
        | Payload           | forbidden |
        | QoS               | 2         |
        | Packet Identifier | 1         |
      And R has received PUBREC with:
        | Reason Code | 0x80 to 0xFF |
      And R sends PUBLISH with:
        | Topic Name        | t         |
        | Payload           | forbidden |
        | QoS               | 2         |
        | Packet Identifier | 1         |
      Then R receives PUBREC with:
        | Packet Identifier | 1            |
        | Reason Code       | 0x80 to 0xFF |
