Feature: SUBACK

  @3.1.1/MQTT-3.8.4-5 @5.0/MQTT-3.8.4-6
  Rule: SUBACK has one code of its table for each Topic Filter

    Scenario: three Topic Filters are answered by three codes
      Given A is connected
      When A sends SUBSCRIBE 7 to:
        | a | 0 |
        | b | 1 |
        | c | 2 |
      Then A receives SUBACK 7 for:
        | a | 0 |
        | b | 1 |
        | c | 2 |

    Scenario: a Topic Filter that stands twice is answered by two codes
      Given A is connected
      When A sends SUBSCRIBE 7 to:
        | a | 0 |
        | b | 1 |
        | a | 0 |
      Then A receives SUBACK 7 for:
        | a | 0 |
        | b | 1 |
        | a | 0 |

    Scenario: ten Topic Filters are answered by ten codes
      Given A is connected
      When A sends SUBSCRIBE 7 to:
        | a | 0 |
        | b | 1 |
        | c | 2 |
        | d | 2 |
        | e | 1 |
        | f | 0 |
        | g | 1 |
        | h | 0 |
        | i | 2 |
        | j | 0 |
      Then A receives SUBACK 7 for:
        | a | 0 |
        | b | 1 |
        | c | 2 |
        | d | 2 |
        | e | 1 |
        | f | 0 |
        | g | 1 |
        | h | 0 |
        | i | 2 |
        | j | 0 |

  @3.1.1/MQTT-3.9.3-1 @5.0/MQTT-3.9.3-1 @3.1.1/MQTT-3.8.4-5 @5.0/MQTT-3.8.4-7
  @needs:qos2
  Rule: The codes of SUBACK are in the order of the Topic Filters and show the granted QoS

    Scenario: each code is the QoS at which its Topic Filter delivers
      Given A is connected
      And B is connected
      When A sends SUBSCRIBE 7 to:
        | a | 2 |
        | b | 0 |
        | c | 1 |
      Then A receives SUBACK 7 for:
        | a | 2 |
        | b | 0 |
        | c | 1 |
      When B publishes "1" to "a" at QoS 2
      And B publishes "2" to "b" at QoS 2
      And B publishes "3" to "c" at QoS 2
      Then A receives "1" on "a" at QoS 2
      And A receives "2" on "b" at QoS 2
      And A receives "3" on "c" at QoS 2

  @5.0/MQTT-3.9.2-1 @5.0/MQTT-3.9.2-2
  Rule: No Reason String and no User Property makes SUBACK larger than the Client's Maximum Packet Size

    Scenario: SUBACK for a Topic Filter that is no valid one is not above the Maximum Packet Size
      Given A is connected with:
        | Maximum Packet Size | 32 |
      When A sends SUBSCRIBE 7 to the invalid Topic Filter "a#"
      Then A receives SUBACK 7 of at most 32 bytes, unless the Server closes
