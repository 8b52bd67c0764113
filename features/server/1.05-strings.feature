Feature: UTF-8 Encoded Strings

  Rule: Ill-formed strings are not accepted

    @3.1.1/MQTT-1.5.3-1 @5.0/MQTT-1.5.4-1 @5.0/RULE-1.5.4-ill-formed-string
    Scenario Outline: a PUBLISH whose Topic Name has <what> closes the Network Connection
      Given A is connected
      And A has published "m" to "t" at QoS 1
      When A sends PUBLISH in which:
        | Topic Name | hex 61 <bytes> 62 |
      Then the Server closes the Network Connection of A

      Examples:
        | what                          | bytes       |
        | the surrogate U+D800          | ED A0 80    |
        | the surrogate U+DFFF          | ED BF BF    |
        | an overlong U+0000            | C0 80       |
        | a byte that begins nothing    | FF          |
        | a sequence that is cut short  | E2 82       |
        | a code point above U+10FFFF   | F4 90 80 80 |

    @3.1.1/MQTT-1.5.3-2 @5.0/MQTT-1.5.4-2 @5.0/RULE-1.5.4-null-character
    Scenario: a PUBLISH whose Topic Name has U+0000 closes the Network Connection
      Given A is connected
      And A has published "m" to "t" at QoS 1
      When A sends PUBLISH in which:
        | Topic Name | hex 61 00 62 |
      Then the Server closes the Network Connection of A

    @3.1.1/MQTT-1.5.3-1 @5.0/MQTT-1.5.4-1 @5.0/RULE-1.5.4-ill-formed-string
    Scenario: a CONNECT whose Client Identifier has a surrogate is refused
      Given B is connected
      When A sends CONNECT in which:
        | Client Identifier | hex 61 ED A0 80 62 |
      Then the Server refuses the CONNECT of A

    @3.1.1/MQTT-1.5.3-2 @5.0/MQTT-1.5.4-2 @5.0/RULE-1.5.4-null-character
    Scenario: a CONNECT whose Client Identifier has U+0000 is refused
      Given B is connected
      When A sends CONNECT in which:
        | Client Identifier | hex 61 00 62 |
      Then the Server refuses the CONNECT of A

    @3.1.1/MQTT-1.5.3-3 @5.0/MQTT-1.5.4-3
    Scenario: U+FEFF in the Topic of a Will is kept
      Given O is connected
      And O is subscribed to "a\u{FEFF}" at QoS 0
      And W is connected with:
        | Will Topic   | a\\u{FEFF} |
        | Will Payload | gone       |
      When W loses its Network Connection
      Then O receives "gone" on "a\u{FEFF}"
