Feature: A publisher is cut off in the midst of an exchange

  Rule: A message of QoS 2 reaches its subscriber exactly once, wherever the exchange of its publisher was cut

    @3.1.1/MQTT-4.3.3-2 @3.1.1/MQTT-3.1.2-4 @5.0/MQTT-4.3.3-8 @5.0/MQTT-4.3.3-10 @5.0/MQTT-3.1.2-5
    @needs:qos2 @needs:session-persistence
    Scenario Outline: the publisher of a QoS 2 message is cut off <where>
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And the network cuts P off <where>
      When P sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 2 |
      And P has been cut off
      And P returns to its Session
      And P goes on with what was unfinished
      Then S has got "m" on "t" exactly once

      Examples:
        | where                                   |
        | before its PUBLISH reaches the Server   |
        | after 1 bytes of its PUBLISH            |
        | after 9 bytes of its PUBLISH            |
        | after 1000 bytes of its PUBLISH         |
        | after its PUBLISH                       |
        | before PUBREC reaches it                |
        | after PUBREC has reached it             |
        | before its PUBREL reaches the Server    |
        | after 2 bytes of its PUBREL             |
        | after its PUBREL                        |
        | before PUBCOMP reaches it               |

  Rule: A message of QoS 1 reaches its subscriber at least once, wherever the exchange of its publisher was cut

    @3.1.1/MQTT-4.3.2-2 @5.0/MQTT-4.3.2-4
    @needs:qos1 @needs:session-persistence
    Scenario Outline: the publisher of a QoS 1 message is cut off <where>
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected and its Session is kept
      And the network cuts P off <where>
      When P sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 1 |
      And P has been cut off
      And P returns to its Session
      And P goes on with what was unfinished
      Then S has got "m" on "t" at least once

      Examples:
        | where                                 |
        | before its PUBLISH reaches the Server |
        | after 1 bytes of its PUBLISH          |
        | after 1000 bytes of its PUBLISH       |
        | after its PUBLISH                     |
        | before PUBACK reaches it              |

  Rule: The identifier of an exchange that was cut and then completed is free again

    @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.3.3-12
    @needs:qos2 @needs:session-persistence
    Scenario Outline: after a cut <where> the identifier stands for a new message
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And the network cuts P off <where>
      When P sends PUBLISH with:
        | Topic Name        | t     |
        | Payload           | first |
        | QoS               | 2     |
        | Packet Identifier | 9     |
      And P has been cut off
      And P returns to its Session
      And P goes on with what was unfinished
      Then P can publish "second" to "t" at QoS 2 with Packet Identifier 9
      And S has got on "t", each exactly once and in order:
        | first  |
        | second |

      Examples:
        | where                                |
        | before PUBREC reaches it             |
        | before its PUBREL reaches the Server |
        | before PUBCOMP reaches it            |

  Rule: Several exchanges that were cut are completed in order

    @3.1.1/MQTT-4.3.3-2 @3.1.1/MQTT-4.6.0-6 @5.0/MQTT-4.3.3-10 @5.0/MQTT-4.6.0-5
    @needs:qos2 @needs:session-persistence @needs:receive-maximum-3
    Scenario Outline: three messages of QoS 2 are open when <trouble>
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And P does not acknowledge
      When P sends 3 messages to "t" at QoS 2 at once
      And everything for P has arrived
      And <trouble>
      And P acknowledges what arrives
      And P returns to its Session
      And P goes on with what was unfinished
      Then S has got on "t", each exactly once and in order:
        | 1 |
        | 2 |
        | 3 |

      Examples:
        | trouble                                       |
        | P loses its Network Connection                |
        | P resets its Network Connection               |
        | the network breaks the Network Connection of P |

    @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.3.3-10
    @needs:qos2 @needs:session-persistence
    Scenario: an exchange that is cut at each of its steps in turn delivers once
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And the network cuts P off before PUBREC reaches it
      When P sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 2 |
      And P has been cut off
      And P returns to its Session
      And the network cuts P off before its PUBREL reaches the Server
      And P sends again what was unfinished
      And P has been cut off
      And P returns to its Session
      And the network cuts P off before PUBCOMP reaches it
      And P sends again what was unfinished
      And P has been cut off
      And P returns to its Session
      And P goes on with what was unfinished
      Then S has got "m" on "t" exactly once
