Feature: Server redirection

  @server:redirecting
  Rule: The Server Reference stands once

    @5.0/RULE-3.2.2.3.16-twice @5.0/MQTT-3.2.2-8
    Scenario: a Client that is sent elsewhere gets one Server Reference
      When A sends CONNECT
      Then A receives CONNACK with:
        | Reason Code      | 0x9C or 0x9D       |
        | Server Reference | other.example:1883 |
