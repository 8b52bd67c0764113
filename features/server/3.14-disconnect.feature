Feature: DISCONNECT

  Rule: The short forms of DISCONNECT mean 0x00

    @5.0/RULE-3.14.2.1-short-form @5.0/MQTT-3.14.4-3
    Scenario Outline: DISCONNECT as <bytes> removes the Will
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W sends the bytes "<bytes>"
      And W loses its Network Connection
      Then O receives no message

      Examples:
        | bytes       |
        | E0 00       |
        | E0 01 00    |
        | E0 02 00 00 |

    @5.0/RULE-3.14.2.1-short-form @5.0/MQTT-3.1.2-8
    Scenario: DISCONNECT with 0x04 and no Property Length has the Will published
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W sends the bytes "E0 01 04"
      And W loses its Network Connection
      Then O receives "gone" on "will"

  Rule: After DISCONNECT the Network Connection is over

    @3.1.1/SHOULD-3.14.4-server-closes @5.0/SHOULD-3.14.4-receiver-closes
    Scenario: the Server closes if the Client does not
      Given A is connected
      When A sends DISCONNECT
      Then the Server should close the Network Connection of A

    @5.0/MQTT-3.14.4-1 @5.0/MQTT-3.14.4-2 @5.0/MQTT-3.14.2-2
    Scenario: nothing comes behind the DISCONNECT to a Client that is taken over
      Given A is connected
      And B uses the Client Identifier of A
      When B connects
      And the Server has closed the Network Connection of A
      Then the DISCONNECT that ends A is the last packet to it
      And the DISCONNECT that ends A has:
        | Reason Code             | 0x80 to 0xFF |
        | Session Expiry Interval | absent       |

    @5.0/SHOULD-4.13.1-server-sends-disconnect
    Scenario: a Protocol Error is answered by DISCONNECT
      Given A is connected
      When A sends CONNECT again
      Then the Server should send DISCONNECT to A with:
        | Reason Code | 0x80 to 0xFF |

  Rule: DISCONNECT may change the Session Expiry Interval

    @5.0/RULE-3.14.2.2.2-new-interval-applies
    @needs:session-persistence
    Scenario: Session Expiry Interval 0 in DISCONNECT ends the Session
      Given S is connected and its Session is kept
      And S has disconnected with:
        | Session Expiry Interval | 0 |
      When S returns to its Session
      Then the Session of S is not present

    @5.0/RULE-3.14.2.2.2-new-interval-applies
    @needs:session-persistence
    Scenario: a longer Session Expiry Interval in DISCONNECT keeps the Session
      Given S is connected with:
        | Session Expiry Interval | 1 |
      And S has disconnected with:
        | Session Expiry Interval | 60 |
      When 2.5 seconds pass
      And S returns to its Session
      Then the Session of S is present

    @5.0/RULE-3.14.2.2.2-new-interval-applies
    @needs:session-persistence
    Scenario: without Session Expiry Interval in DISCONNECT that of CONNECT stays
      Given S is connected and its Session is kept
      And S has disconnected
      When S returns to its Session
      Then the Session of S is present

    @5.0/RULE-3.14.2.2.2-above-zero-after-zero
    Scenario: Session Expiry Interval above 0 after 0 is no valid DISCONNECT, so that the Will is published
      Given O is connected
      And O is subscribed to "will" at QoS 0
      And W is connected with:
        | Will Topic   | will |
        | Will Payload | gone |
      When W sends DISCONNECT with:
        | Session Expiry Interval | 60 |
      Then the Server closes the Network Connection of W
      And O receives "gone" on "will"

  Rule: An acknowledgement that refuses concerns its packet only

    @5.0/RULE-4.13.2-failed-acknowledgement-spares-others
    @needs:qos1
    Scenario: a PUBACK with 0x80 leaves the rest alone
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      And P has published "1" to "t" at QoS 1
      And S has received "1" on "t"
      When S sends PUBACK with Reason Code 0x80 for that message
      And S acknowledges what arrives
      And P publishes "2" to "t" at QoS 1
      Then S receives "2" on "t"
      And the Network Connection of S stays open

  Rule: AUTH without an Authentication Method is a Protocol Error

    @5.0/RULE-3.15-auth-without-method
    Scenario: an AUTH that nothing has prepared closes the Network Connection
      Given A is connected
      When A sends AUTH with:
        | Reason Code           | 0x19          |
        | Authentication Method | SCRAM-SHA-256 |
      Then the Server closes the Network Connection of A
