Feature: CONNACK

  Rule: CONNACK is the first packet from the Server

    @3.1.1/MQTT-3.2.0-1 @5.0/MQTT-3.2.0-1
    @needs:session-persistence
    Scenario: CONNACK comes before the messages that have waited
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      And P has published "waiting" to "t" at QoS 1
      When S returns to its Session
      Then S receives "waiting" on "t"
      And the first packet to S is CONNACK

    @3.1.1/MQTT-3.2.0-1 @3.1.1/RULE-3.1.4-packets-before-connack @5.0/MQTT-3.2.0-1 @5.0/RULE-3.1.4-packets-before-connack
    Scenario: packets right behind CONNECT are answered behind CONNACK
      When A sends CONNECT
      And A sends SUBSCRIBE 1 to:
        | t | 0 |
      Then A receives CONNACK with:
        | Reason Code | 0x00 |
      And A receives SUBACK with:
        | Packet Identifier | 1 |
      And the first packet to A is CONNACK

  Rule: A CONNACK that refuses says so and is followed by a close

    @3.1.1/MQTT-3.2.2-4 @3.1.1/MQTT-3.2.2-5
    @needs:session-persistence
    Scenario: return code 0x01 comes with Session Present 0 though there is a Session
      Given S is connected and its Session is kept
      And S has lost its Network Connection
      When S sends CONNECT in which:
        | Connect Flags    | 0x00 |
        | Protocol Version | 0x7F |
      And S has received CONNACK with:
        | Return Code | 0x01 to 0xFF |
      Then it has: [3.1.1/MQTT-3.2.2-4]
        | Session Present | 0 |
      And the Server closes the Network Connection of S [3.1.1/MQTT-3.2.2-5]

    @5.0/MQTT-3.2.2-6
    @needs:session-persistence
    Scenario: a refusal has Session Present 0 though there is a Session
      Given S is connected and its Session is kept
      And S has lost its Network Connection
      When S sends CONNECT with:
        | Clean Start             | 0                |
        | Session Expiry Interval | 60               |
        | Authentication Method   | X-NO-SUCH-METHOD |
      Then the CONNACK that refuses S has:
        | Session Present | 0 |

    @5.0/MQTT-3.2.2-7 @5.0/MQTT-4.13.2-1
    Scenario: a CONNACK that refuses is followed by a close
      Given B is connected
      When A sends CONNECT with:
        | Authentication Method | X-NO-SUCH-METHOD |
      Then the CONNACK that refuses A has:
        | Reason Code | 0x80 to 0xFF |
      And the Server closes the Network Connection of A

    @5.0/MQTT-3.14.0-1
    Scenario: a CONNECT is not refused by DISCONNECT
      Given B is connected
      When A sends CONNECT with:
        | Authentication Method | X-NO-SUCH-METHOD |
      And the Server has refused the CONNECT of A
      Then A receives no DISCONNECT

    @3.1.1/MQTT-3.1.3-9
    Scenario: a refused Client Identifier gets return code 0x02 and a close
      Given B is connected
      When A sends CONNECT with:
        | Client Identifier |   |
        | Clean Session     | 0 |
      And A has received CONNACK with:
        | Return Code | 0x01 to 0xFF |
      Then it has:
        | Return Code     | 0x02 |
        | Session Present | 0    |
      And the Server closes the Network Connection of A

    @3.1.1/MQTT-3.1.3-9
    @server:no-empty-client-identifiers
    Scenario: an empty Client Identifier that is not wanted gets return code 0x02 and a close
      Given B is connected
      When A sends CONNECT with:
        | Client Identifier |  |
      Then A receives CONNACK with:
        | Return Code | 0x02 |
      And the Server closes the Network Connection of A

    @5.0/MQTT-3.1.3-8
    @server:no-empty-client-identifiers
    Scenario: an empty Client Identifier that is not wanted is refused with 0x85 or 0x80 or without a word
      Given B is connected
      When A sends CONNECT with:
        | Client Identifier |  |
      Then the Server refuses the CONNECT of A
      And CONNACK, if one came to A, has:
        | Reason Code | 0x80 or 0x85 |

  Rule: Clients without an identifier are told apart

    @3.1.1/MQTT-3.1.3-6 @5.0/MQTT-3.1.3-6
    @needs:empty-client-id
    Scenario: two Clients with empty Client Identifiers stay connected side by side
      Given A is connected with:
        | Client Identifier |  |
      And B is connected with:
        | Client Identifier |  |
      Then the Network Connection of A stays open
      And the Network Connection of B stays open

  Rule: What the Client did not ask for is not in the CONNACK

    @5.0/RULE-3.1.2.11.6-absent-means-zero
    Scenario: without Request Response Information there is no Response Information
      Given A is connected
      Then the CONNACK of A has:
        | Response Information | absent |

    @5.0/MQTT-3.1.2-28 @5.0/RULE-3.1.2.11.6-absent-means-zero
    @server:response-information
    Scenario: a Server that has Response Information keeps it from Clients that do not request it
      Given A is connected with:
        | Request Response Information | 1 |
      And B is connected with:
        | Request Response Information | 0 |
      And C is connected
      Then the CONNACK of B has:
        | Response Information | absent |
      And the CONNACK of C has:
        | Response Information | absent |

    @5.0/MQTT-4.12.0-6
    Scenario: without Authentication Method there is no AUTH
      Given A is connected
      Then the CONNACK of A has:
        | Authentication Method | absent |
        | Authentication Data   | absent |
      And A receives no AUTH

  Rule: Request Problem Information 0 keeps reasons to those packets that may have them

    @5.0/MQTT-3.1.2-29
    @needs:qos2
    Scenario: a PUBCOMP for an unknown Packet Identifier has no reason in words
      Given A is connected with:
        | Request Problem Information | 0 |
      When A sends PUBREL for Packet Identifier 999
      Then A receives PUBCOMP with:
        | Reason String | absent |
        | User Property | absent |

    @5.0/MQTT-3.1.2-29
    Scenario: an UNSUBACK without effect has no reason in words
      Given A is connected with:
        | Request Problem Information | 0 |
      When A sends UNSUBSCRIBE 1 from:
        | never-subscribed |
      Then A receives UNSUBACK with:
        | Reason String | absent |
        | User Property | absent |

    @5.0/MQTT-3.1.2-29
    @needs:qos1
    Scenario: a PUBACK for a message without receivers has no reason in words
      Given A is connected with:
        | Request Problem Information | 0 |
      When A sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 1 |
      Then A receives PUBACK with:
        | Reason String | absent |
        | User Property | absent |

  Rule: A capability that the CONNACK does not deny is there

    @5.0/MQTT-3.2.2-9 @5.0/RULE-3.2.2.3.4-absent-means-2
    @needs:qos2
    Scenario: without Maximum QoS a message of QoS 2 is taken
      Given P is connected
      When P sends PUBLISH with:
        | Topic Name        | t |
        | Payload           | m |
        | QoS               | 2 |
        | Packet Identifier | 7 |
      Then P receives PUBREC with:
        | Packet Identifier | 7            |
        | Reason Code       | 0x00 or 0x10 |

    @5.0/RULE-3.2.2.3.5-absent-means-available
    @needs:retain @needs:qos1
    Scenario: without Retain Available messages are retained
      Given P is connected
      And P has retained "kept" on "t" at QoS 1
      And N is connected
      When N subscribes to "t" at QoS 1
      Then N receives "kept" on "t"

    @5.0/RULE-3.2.2.3.5-absent-means-available
    @needs:retain @needs:qos1
    Scenario: without Retain Available a PUBLISH with RETAIN 1 is taken
      Given P is connected
      When P sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 1 |
        | RETAIN     | 1 |
      Then P receives PUBACK

    @5.0/RULE-3.2.2.3.11-absent-means-available
    @needs:wildcard-subscription
    Scenario: without Wildcard Subscription Available a wildcard receives messages
      Given A is connected
      When A sends SUBSCRIBE 1 to:
        | a/+ | 0 |
      Then A receives SUBACK with:
        | Reason Codes | 0x00 |
      When A publishes "m" to "a/b" at QoS 0
      Then A receives "m" on "a/b"

    @5.0/RULE-3.2.2.3.12-absent-means-available
    @needs:subscription-identifiers
    Scenario: without Subscription Identifiers Available they come back
      Given A is connected
      And A is subscribed to "t" with:
        | QoS                     | 0  |
        | Subscription Identifier | 42 |
      When A publishes "m" to "t" at QoS 0
      Then A receives "m" on "t"
      And it has:
        | Subscription Identifier | 42 |

  Rule: A capability that is not there is denied in the CONNACK

    @5.0/RULE-3.2.2.3.5-absent-means-available
    @server:no-retain
    Scenario: a Server that closes because of RETAIN 1 has said that nothing is retained
      Given A is connected
      When A sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | RETAIN     | 1 |
      And the Server has closed the Network Connection of A
      Then the CONNACK of A has:
        | Retain Available | 0 |

    @5.0/RULE-3.2.2.3.11-absent-means-available
    @server:no-wildcards
    Scenario: a Server that closes because of a wildcard has said that they are not available
      Given A is connected
      When A sends SUBSCRIBE 1 to:
        | a/+ | 0 |
      And the Server has closed the Network Connection of A
      Then the CONNACK of A has:
        | Wildcard Subscription Available | 0 |

    @5.0/RULE-3.2.2.3.12-absent-means-available
    @server:no-subscription-identifiers
    Scenario: a Server that closes because of a Subscription Identifier has said that they are not available
      Given A is connected
      When A sends SUBSCRIBE 1 to "t" with:
        | Subscription Identifier | 1 |
      And the Server has closed the Network Connection of A
      Then the CONNACK of A has:
        | Subscription Identifier Available | 0 |

    @5.0/RULE-3.2.2.3.13-absent-means-available
    @server:no-shared-subscriptions
    Scenario: a Server that closes because of a Shared Subscription has said that they are not available
      Given A is connected
      When A sends SUBSCRIBE 1 to:
        | $share/g/t | 0 |
      And the Server has closed the Network Connection of A
      Then the CONNACK of A has:
        | Shared Subscription Available | 0 |

  Rule: What the Server cannot handle in a Will is refused

    @5.0/SHOULD-3.2.2.3.4-will-qos-code
    @server:maximum-qos-1
    Scenario: a Will QoS above Maximum QoS gets 0x9B
      Given B is connected
      When A sends CONNECT with:
        | Will Topic | will |
        | Will QoS   | 2    |
      Then the Server should send CONNACK to A with:
        | Reason Code | 0x9B |

    @5.0/SHOULD-3.2.2.3.5-will-retain-code
    @server:no-retain
    Scenario: Will Retain 1 gets 0x9A where nothing is retained
      Given B is connected
      When A sends CONNECT with:
        | Will Topic  | will |
        | Will Retain | 1    |
      Then the Server should send CONNACK to A with:
        | Reason Code | 0x9A |

    @5.0/RULE-3.2.2.3.4-above-maximum-qos
    @server:maximum-qos-1
    Scenario: a PUBLISH above Maximum QoS closes the Network Connection
      Given A is connected
      And A has published "m" to "t" at QoS 1
      When A sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 2 |
      Then the Server closes the Network Connection of A

    @5.0/RULE-3.2.2.3.5-retain-not-available
    @server:no-retain
    Scenario: a PUBLISH with RETAIN 1 closes the Network Connection where nothing is retained
      Given A is connected
      And A has published "m" to "t" at QoS 1
      When A sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | RETAIN     | 1 |
      Then the Server closes the Network Connection of A

    @5.0/SHOULD-3.2.2.3.5-retain-code
    @server:no-retain
    Scenario: a PUBLISH with RETAIN 1 gets 0x9A where nothing is retained
      Given A is connected
      When A sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | RETAIN     | 1 |
      Then the Server should send DISCONNECT to A with:
        | Reason Code | 0x9A |

    @5.0/RULE-3.2.2.3.6-packet-too-large
    @server:maximum-packet-size-256
    Scenario: a packet above Maximum Packet Size closes the Network Connection
      Given A is connected
      And A has published "m" to "t" at QoS 1
      When A sends PUBLISH with:
        | Topic Name | t         |
        | Payload    | 300 bytes |
      Then the Server closes the Network Connection of A

  Rule: Topic Aliases of the Server stay within the Topic Alias Maximum of the Client

    @5.0/MQTT-3.1.2-27
    Scenario: Topic Alias Maximum 0 means no Topic Alias
      Given S is connected with:
        | Topic Alias Maximum | 0 |
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes "1" to "t" at QoS 0
      And P publishes "2" to "t" at QoS 0
      Then S receives "1" on "t"
      And it has:
        | Topic Alias | absent |
      And S receives "2" on "t"
      And it has:
        | Topic Alias | absent |

    @5.0/MQTT-3.1.2-27
    Scenario: no Topic Alias Maximum means no Topic Alias
      Given S is connected
      And S is subscribed to "t" at QoS 0
      And P is connected
      When P publishes "1" to "t" at QoS 0
      And P publishes "2" to "t" at QoS 0
      Then S receives "1" on "t"
      And it has:
        | Topic Alias | absent |
      And S receives "2" on "t"
      And it has:
        | Topic Alias | absent |

    @5.0/MQTT-3.1.2-26
    Scenario: with Topic Alias Maximum 1 there is no other Topic Alias than 1
      Given S is connected with:
        | Topic Alias Maximum | 1 |
      And S is subscribed to "a" at QoS 0
      And S is subscribed to "b" at QoS 0
      And P is connected
      When P publishes "1" to "a" at QoS 0
      And P publishes "2" to "b" at QoS 0
      Then S receives "1" on "a"
      And it has:
        | Topic Alias | absent or 1 |
      And S receives "2" on "b"
      And it has:
        | Topic Alias | absent or 1 |

  Rule: The Session Expiry Interval that holds is known

    @5.0/RULE-3.2.2.3.2-changed-interval-is-told
    @needs:session-persistence
    Scenario: without Session Expiry Interval in CONNACK that of CONNECT holds
      Given S is connected with:
        | Session Expiry Interval | 60 |
      And S has lost its Network Connection
      When S returns to its Session
      Then the Session of S is present
