Feature: CONNECT

  @3.1.1/MQTT-3.1.4-4 @5.0/MQTT-3.1.4-5
  Rule: A valid CONNECT is accepted

    Scenario: a plain CONNECT is accepted
      When A sends CONNECT
      Then A receives CONNACK with:
        | Reason Code     | 0x00 |
        | Session Present | 0    |

    Scenario: a CONNECT with every optional part is accepted
      When A sends CONNECT with:
        | Keep Alive   | 60   |
        | Will Topic   | will |
        | Will Payload | gone |
        | Will QoS     | 0    |
      Then A receives CONNACK with:
        | Reason Code | 0x00 |

  Rule: User Property may stand any number of times in CONNECT

    @5.0/RULE-3.1.2.11.8-may-repeat
    Scenario: a CONNECT with three User Properties of which two are equal is accepted
      Given B is connected
      When A sends CONNECT with:
        | User Property | name = value |
        | User Property | name = value |
        | User Property | other = one  |
      Then A receives CONNACK with:
        | Reason Code | 0x00 |

  Rule: A Client that sends nothing does not stay

    @3.1.1/SHOULD-3.1.4-connect-timeout @5.0/SHOULD-3.1.4-connect-timeout
    Scenario: a Network Connection without CONNECT is closed
      Given B is connected
      When A opens a Network Connection
      Then the Server should close the Network Connection of A in reasonable time

  @3.1.1/MQTT-3.1.0-2 @5.0/MQTT-3.1.0-2
  Rule: A second CONNECT on one Network Connection is an error

    Scenario: a second CONNECT closes the Network Connection
      Given A is connected
      When A sends CONNECT again
      Then the Server closes the Network Connection of A
      And A receives no CONNACK

  Rule: The protocol name and version are checked

    @3.1.1/MQTT-3.1.2-1 @5.0/MQTT-3.1.2-1
    Scenario: a CONNECT with another protocol name is not served
      Given B is connected
      When A sends CONNECT in which:
        | Protocol Name | MQTX |
      Then the Server refuses the CONNECT of A

    @3.1.1/MQTT-3.1.2-2
    Scenario: an unknown protocol level is refused with return code 0x01
      Given B is connected
      When A sends CONNECT in which:
        | Protocol Version | 0x7F |
      Then A receives CONNACK with:
        | Return Code     | 0x01 |
        | Session Present | 0    |
      And the Server closes the Network Connection of A

    @5.0/MQTT-3.1.2-2
    Scenario: a protocol version that does not exist is refused
      Given B is connected
      When A sends CONNECT of Protocol Version 0x7F
      Then the Server refuses the Protocol Version of A

    @3.1.1/MQTT-3.1.2-3 @5.0/MQTT-3.1.2-3
    Scenario: a CONNECT with the reserved flag set is refused
      Given B is connected
      When A sends CONNECT in which:
        | Connect Flags | 0x03 |
      Then the Server refuses the CONNECT of A

  Rule: A CONNECT that breaks the rules of its section is not served

    @3.1.1/MQTT-3.1.4-1
    Scenario Outline: a CONNECT with Connect Flags <flags> is closed without CONNACK
      Given B is connected
      When A sends CONNECT in which:
        | Connect Flags | <flags> |
      Then the Server closes the Network Connection of A without CONNACK

      Examples:
        | flags |
        | 0x03  |
        | 0x0A  |
        | 0x22  |

    @3.1.1/MQTT-3.1.4-1
    Scenario: a CONNECT with Will QoS 3 is closed without CONNACK
      Given B is connected
      When A sends CONNECT with a Will in which:
        | Connect Flags | 0x1E |
      Then the Server closes the Network Connection of A without CONNACK

    @5.0/MQTT-3.1.4-1
    Scenario Outline: a CONNECT with Connect Flags <flags> is refused
      Given B is connected
      When A sends CONNECT in which:
        | Connect Flags | <flags> |
      Then the Server refuses the CONNECT of A

      Examples:
        | flags |
        | 0x03  |
        | 0x0A  |
        | 0x22  |

    @5.0/MQTT-3.1.4-1 @5.0/MQTT-4.13.1-1
    Scenario: a CONNECT with Will QoS 3 is refused
      Given B is connected
      When A sends CONNECT with a Will in which:
        | Connect Flags | 0x1E |
      Then the Server refuses the CONNECT of A

    @3.1.1/MQTT-3.1.4-5 @5.0/MQTT-3.1.4-6
    Scenario: what follows a refused CONNECT is ignored
      Given O is connected
      And O is subscribed to "t" at QoS 0
      And P is connected
      When P publishes "control" to "t" at QoS 0
      And O has received "control" on "t"
      And A sends CONNECT in which:
        | Connect Flags | 0x03 |
      And A sends PUBLISH with:
        | Topic Name | t         |
        | Payload    | forbidden |
      And the Server has refused the CONNECT of A
      Then O receives no message

  Rule: Client Identifiers of 1 to 23 letters and digits are accepted

    @3.1.1/MQTT-3.1.3-5 @5.0/MQTT-3.1.3-5
    Scenario Outline: the Client Identifier "<identifier>" is accepted
      When A sends CONNECT with:
        | Client Identifier | <identifier> |
      Then A receives CONNACK with:
        | Reason Code | 0x00 |

      Examples:
        | identifier              |
        | q                       |
        | 0123456789abcdefghijklm |
        | nopqrstuvwxyzABCDEFGHIJ |
        | KLMNOPQRSTUVWXYZ        |

  Rule: A Client without an identifier gets one, or is refused

    @3.1.1/MQTT-3.1.3-8
    Scenario: an empty Client Identifier with Clean Session 0 is refused with return code 0x02
      Given B is connected
      When A sends CONNECT with:
        | Client Identifier |   |
        | Clean Session     | 0 |
      Then A receives CONNACK with:
        | Return Code | 0x02 |
      And the Server closes the Network Connection of A

    @5.0/MQTT-3.1.3-6 @5.0/MQTT-3.1.3-7 @5.0/MQTT-3.2.2-16
    @needs:empty-client-id
    Scenario: an empty Client Identifier gets an Assigned Client Identifier
      Given A is connected with:
        | Client Identifier |  |
      Then the CONNACK of A has:
        | Assigned Client Identifier | present |

    @5.0/MQTT-3.1.3-7
    @needs:empty-client-id @needs:session-persistence
    Scenario: the Session of an assigned Client Identifier can be resumed with it
      Given A is connected with:
        | Client Identifier       |    |
        | Session Expiry Interval | 60 |
      And A has lost its Network Connection
      When A returns to its Session
      Then the Session of A is present

  Rule: An Authentication Method that is not supported is refused

    @5.0/MQTT-4.12.0-1
    Scenario: a CONNECT with an unknown Authentication Method is refused
      Given B is connected
      When A sends CONNECT with:
        | Authentication Method | X-NO-SUCH-METHOD |
      Then the Server refuses the CONNECT of A

  Rule: The Keep Alive is kept

    @3.1.1/MQTT-3.1.2-24 @5.0/MQTT-3.1.2-22
    Scenario: a Client that pings in time stays connected
      Given A is connected with:
        | Keep Alive | 1 |
      And the Server answers A within 0.2 seconds
      When 0.7 seconds pass
      And A sends PINGREQ
      And 0.7 seconds pass
      And A sends PINGREQ
      And 0.7 seconds pass
      Then the Network Connection of A stays open

    @5.0/MQTT-3.2.2-22
    Scenario: without Server Keep Alive the Keep Alive of the Client counts
      Given A is connected with:
        | Keep Alive | 60 |
      When 2.5 seconds pass
      Then the Network Connection of A stays open
