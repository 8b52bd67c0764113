Feature: Who may connect

  @server:users
  Rule: A Client that is not admitted is refused

    @3.1.1/RULE-3.1.4-refusal-closes @5.0/MQTT-3.1.4-2
    Scenario Outline: a CONNECT with <what> is refused
      Given B is connected with:
        | User Name | writer |
        | Password  | secret |
      When A sends CONNECT with:
        | User Name | <name>     |
        | Password  | <password> |
      Then the Server refuses the CONNECT of A

      Examples:
        | what                 | name   | password |
        | a wrong password     | writer | wrong    |
        | an unknown user name | nobody | secret   |
        | an empty password    | writer |          |

    @3.1.1/SHOULD-3.1.4-refusal-code @3.1.1/SHOULD-3.2.2.3-fitting-code
    Scenario: a wrong password gets a fitting return code
      Given B is connected with:
        | User Name | writer |
        | Password  | secret |
      When A sends CONNECT with:
        | User Name | writer |
        | Password  | wrong  |
      Then the Server should send CONNACK to A with:
        | Return Code | 0x04 or 0x05 |

    @3.1.1/MQTT-3.2.2-4 @5.0/MQTT-3.2.2-6
    @needs:session-persistence
    Scenario: a Client that is not admitted does not learn of the Session
      Given S is connected and its Session is kept, with:
        | User Name | writer |
        | Password  | secret |
      And S has lost its Network Connection
      When S sends CONNECT with:
        | Clean Start | 0      |
        | User Name   | writer |
        | Password    | wrong  |
      Then the CONNACK that refuses S has:
        | Session Present | 0 |

    @3.1.1/MQTT-3.1.4-5 @5.0/MQTT-3.1.4-6
    Scenario: what follows a refused CONNECT is ignored
      Given O is connected with:
        | User Name | writer |
        | Password  | secret |
      And O is subscribed to "t" at QoS 0
      And O has published "control" to "t" at QoS 0
      And O has received "control" on "t"
      When A sends CONNECT with:
        | User Name | writer |
        | Password  | wrong  |
      And A sends PUBLISH with:
        | Topic Name | t         |
        | Payload    | forbidden |
      Then the Server refuses the CONNECT of A
      And O receives no message "forbidden"
