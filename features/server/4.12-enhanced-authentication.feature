Feature: Enhanced authentication

  @server:scram
  Rule: The Server asks for more with AUTH 0x18, and every packet names the method of CONNECT

    @5.0/MQTT-4.12.0-2 @5.0/MQTT-4.12.0-5 @5.0/MQTT-3.15.2-1
    Scenario: the first message of the Client is answered by AUTH 0x18
      When A begins SCRAM-SHA-256 as "writer" with the password "secret"
      Then A receives AUTH with:
        | Reason Code           | 0x18          |
        | Authentication Method | SCRAM-SHA-256 |
        | Authentication Data   | present       |

    @5.0/MQTT-4.12.0-5
    Scenario: the CONNACK that accepts names the method
      When A begins SCRAM-SHA-256 as "writer" with the password "secret"
      And A answers the challenge
      Then A receives CONNACK with:
        | Reason Code           | 0x00          |
        | Authentication Method | SCRAM-SHA-256 |

  @server:scram
  Rule: An authentication that is rejected ends the Network Connection

    @5.0/MQTT-4.12.0-4
    Scenario: a wrong proof is refused
      Given B is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins SCRAM-SHA-256 as "writer" with the password "secret"
      And A answers the challenge with a wrong proof
      Then the Server refuses the CONNECT of A
      And CONNACK, if one came to A, has:
        | Reason Code | 0x80 to 0xFF |

    @5.0/MQTT-4.12.0-4
    Scenario: the proof of another password is refused
      Given B is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins SCRAM-SHA-256 as "writer" with the password "guessed"
      And A answers the challenge
      Then the Server refuses the CONNECT of A
      And CONNACK, if one came to A, has:
        | Reason Code | 0x80 to 0xFF |

    @5.0/MQTT-4.12.0-4
    Scenario: Authentication Data that is no message of the method is refused
      Given B is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins SCRAM-SHA-256 as "writer" with the password "secret"
      And A answers the challenge by an AUTH in which:
        | Authentication Data | nonsense |
      Then the Server refuses the CONNECT of A
      And CONNACK, if one came to A, has:
        | Reason Code | 0x80 to 0xFF |

  @server:scram
  Rule: An AUTH that breaks the rules of its section ends the authentication

    @5.0/MQTT-3.15.1-1
    Scenario: an AUTH with a flag set is not taken
      Given B is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins SCRAM-SHA-256 as "writer" with the password "secret"
      And A answers the challenge by an AUTH in which:
        | Flags | 1 |
      Then the Server refuses the CONNECT of A

    @5.0/RULE-3.15-another-method
    Scenario: an AUTH with another method is not taken
      Given B is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins SCRAM-SHA-256 as "writer" with the password "secret"
      And A answers the challenge by an AUTH in which:
        | Authentication Method | SCRAM-SHA-1 |
      Then the Server refuses the CONNECT of A

    @5.0/RULE-3.15-another-method
    Scenario: a re-authentication with another method closes the Network Connection
      Given A is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      And A has re-authenticated as "writer" with the password "secret"
      When A begins to re-authenticate as "writer" with the password "secret"
      And A answers the challenge by an AUTH in which:
        | Authentication Method | SCRAM-SHA-1 |
      Then the Server closes the Network Connection of A

    @5.0/RULE-3.15.2.2.2-absent
    Scenario: an AUTH without method is not taken
      Given B is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins SCRAM-SHA-256 as "writer" with the password "secret"
      And A answers the challenge by an AUTH in which:
        | Authentication Method | left out |
      Then the Server refuses the CONNECT of A

  @server:scram
  Rule: The Properties of an authentication in CONNECT are checked

    @5.0/RULE-3.1.2.11.10-data-without-method
    Scenario: Authentication Data without Authentication Method is refused
      Given B is connected
      When A sends CONNECT with:
        | Authentication Data | data |
      Then the Server refuses the CONNECT of A

    @5.0/RULE-3.1.2.11.9-twice
    Scenario Outline: two Authentication Methods are refused: <second> as the second
      Given B is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins SCRAM-SHA-256 as "writer" with the password "secret" and with:
        | Authentication Method | <second> |
      Then the Server refuses the CONNECT of A

      Examples:
        | second        |
        | SCRAM-SHA-256 |
        | SCRAM-SHA-1   |

    @5.0/RULE-3.1.2.11.10-twice
    Scenario: Authentication Data that stands twice is refused
      Given B is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins SCRAM-SHA-256 as "writer" with the password "secret" and with:
        | Authentication Data | data |
      Then the Server refuses the CONNECT of A

  @server:scram
  Rule: A Client may authenticate again

    @5.0/RULE-4.12.1-outcome-of-re-authentication @5.0/MQTT-4.12.0-5
    Scenario: a re-authentication ends with AUTH 0x00, and the old one holds meanwhile
      Given O is connected
      And O is subscribed to "t" at QoS 0
      And A is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins to re-authenticate as "writer" with the password "secret"
      Then A receives AUTH with:
        | Reason Code           | 0x18          |
        | Authentication Method | SCRAM-SHA-256 |
      When A publishes "meanwhile" to "t" at QoS 0
      Then O receives "meanwhile" on "t"
      When A answers the challenge
      Then A receives AUTH with:
        | Reason Code           | 0x00          |
        | Authentication Method | SCRAM-SHA-256 |
      And the Network Connection of A stays open

    @5.0/MQTT-4.12.1-2
    Scenario: a re-authentication with a wrong proof closes the Network Connection
      Given A is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      And A has re-authenticated as "writer" with the password "secret"
      When A begins to re-authenticate as "writer" with the password "secret"
      And A answers the challenge with a wrong proof
      Then the Server closes the Network Connection of A
      And DISCONNECT, if one came to A, has:
        | Reason Code | 0x80 to 0xFF |

    @5.0/SHOULD-4.12.1-disconnect-on-failure
    Scenario: a re-authentication that fails is answered by DISCONNECT
      Given A is connected by SCRAM-SHA-256 as "writer" with the password "secret"
      When A begins to re-authenticate as "writer" with the password "secret"
      And A answers the challenge with a wrong proof
      Then the Server should send DISCONNECT to A with:
        | Reason Code | 0x80 to 0xFF |
