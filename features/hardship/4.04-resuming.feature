Feature: Sessions are resumed under hardship

  Rule: A full window is delivered again and then the rest

    @5.0/MQTT-4.4.0-1 @5.0/MQTT-4.6.0-5 @5.0/MQTT-4.9.0-1
    @needs:qos1 @needs:session-persistence
    Scenario Outline: the window of <window> messages is full when the subscriber is lost, and then it is <later>
      Given S is connected and its Session is kept, with:
        | Receive Maximum | <window> |
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      When P publishes 5 messages to "t" at QoS 1
      And S has received "<window>" on "t"
      And S loses its Network Connection
      And S acknowledges what arrives
      And S returns to its Session with:
        | Receive Maximum | <later> |
      Then S has got on "t", each at least once and first in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |
        | 5 |

      Examples:
        | window | later |
        | 1      | 1     |
        | 2      | 2     |
        | 2      | 1     |
        | 1      | 3     |

    @5.0/MQTT-4.4.0-1 @5.0/MQTT-4.6.0-5 @5.0/MQTT-4.3.3-6
    @needs:qos2 @needs:session-persistence
    Scenario: a window of QoS 2 exchanges at different steps is resumed
      Given S is connected and its Session is kept, with:
        | Receive Maximum | 2 |
      And S is subscribed to "t" at QoS 2
      And S does not acknowledge
      And P is connected
      When P publishes 4 messages to "t" at QoS 2
      And S has received "1" on "t"
      And S has received "2" on "t"
      And S sends PUBREC for the message "1"
      And S has received PUBREL for the message "1"
      And S loses its Network Connection
      And S acknowledges what arrives
      And S returns to its Session with:
        | Receive Maximum | 2 |
      Then S has got on "t", each exactly once and in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |

  Rule: A takeover resumes what the older Network Connection had begun

    @3.1.1/MQTT-3.1.4-2 @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-3.1.4-3 @5.0/MQTT-4.4.0-1
    @needs:qos1 @needs:session-persistence
    Scenario: a takeover during the delivery
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      And P has published "m" to "t" at QoS 1
      And S has received "m" on "t"
      And V uses the Client Identifier of S
      When V returns to its Session
      Then the Session of V is present
      And V receives "m" on "t"

    @3.1.1/MQTT-3.1.4-2 @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-3.1.4-3 @5.0/MQTT-4.4.0-1
    @needs:qos1 @needs:session-persistence
    Scenario: a takeover during the delivery that follows a resumption
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      And P has published 3 messages to "t" at QoS 1
      And S has received "3" on "t"
      And S has lost its Network Connection
      And S is connected and its Session is kept
      And S has received "1" on "t"
      And V uses the Client Identifier of S
      When V returns to its Session
      Then V has got on "t", each at least once and first in order:
        | 1 |
        | 2 |
        | 3 |

    @3.1.1/MQTT-3.1.4-2 @3.1.1/MQTT-3.1.2-5 @5.0/MQTT-3.1.4-3 @5.0/MQTT-3.1.2-5
    @needs:qos1 @needs:session-persistence
    Scenario: a Client comes back while its old Network Connection is silent
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And P is connected
      And the Network Connection of S has gone silent
      When P publishes "m" to "t" at QoS 1
      And S gives its silent Network Connection up
      And S returns to its Session
      Then the Session of S is present
      And S has got "m" on "t" at least once

  Rule: What the network holds back is not lost

    @3.1.1/MQTT-4.3.3-1 @5.0/MQTT-4.3.3-3
    @needs:qos2
    Scenario Outline: <trouble> for a while
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected
      And <trouble>
      When P publishes 3 messages to "t" at QoS 2
      And 2.0 seconds pass
      And the network lets everything of S through again
      Then S has got on "t", each exactly once and in order:
        | 1 |
        | 2 |
        | 3 |

      Examples:
        | trouble                                |
        | the network holds back everything of S |
        | nothing of the Server reaches S        |
        | nothing of S reaches the Server        |

    @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.3.3-8
    @needs:qos2 @needs:receive-maximum-3
    Scenario: the publisher is held back for a while
      Given S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected
      And the network holds back everything of P
      When P sends 3 messages to "t" at QoS 2 at once
      And 2.0 seconds pass
      And the network lets everything of P through again
      Then S has got on "t", each exactly once and in order:
        | 1 |
        | 2 |
        | 3 |

  Rule: Order and number of messages do not depend on how the network carries them

    @3.1.1/MQTT-4.6.0-6 @5.0/MQTT-4.6.0-5
    @needs:qos1 @needs:receive-maximum-5
    Scenario Outline: five messages of QoS 1 arrive although <trouble>
      Given <trouble>
      And S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected
      When P sends 5 messages to "t" at QoS 1 at once
      Then S has got on "t", each at least once and first in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |
        | 5 |

      Examples:
        | trouble                                      |
        | the network takes 0.1 to 0.9 seconds         |
        | the network loses 20 percent of the segments |
        | whoever reads gets at most 1 bytes at a time |
        | whoever reads gets all at once               |

    @3.1.1/MQTT-4.6.0-6 @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.6.0-5 @5.0/MQTT-4.3.3-10
    @needs:qos2 @needs:receive-maximum-5
    Scenario Outline: five messages of QoS 2 arrive although <trouble>
      Given <trouble>
      And S is connected
      And S is subscribed to "t" at QoS 2
      And P is connected
      When P sends 5 messages to "t" at QoS 2 at once
      Then S has got on "t", each exactly once and in order:
        | 1 |
        | 2 |
        | 3 |
        | 4 |
        | 5 |

      Examples:
        | trouble                                      |
        | the network takes 0.1 to 0.9 seconds         |
        | the network loses 20 percent of the segments |
        | whoever reads gets at most 1 bytes at a time |
        | whoever reads gets all at once               |

    @3.1.1/MQTT-4.6.0-6 @5.0/MQTT-4.6.0-5
    @needs:qos1 @needs:receive-maximum-20
    Scenario: a subscriber reads slowly
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And P is connected
      And S reads 200 bytes per second
      When P sends 20 messages to "t" at QoS 1 at once
      And 3.0 seconds pass
      And S reads 1000000 bytes per second
      Then S has got on "t", each at least once and first in order:
        | 1  |
        | 2  |
        | 10 |
        | 19 |
        | 20 |

    @3.1.1/MQTT-4.5.0-1 @5.0/MQTT-4.5.0-1
    @needs:qos1 @needs:receive-maximum-20
    Scenario: a subscriber that does not read keeps nobody else waiting
      Given S is connected
      And S is subscribed to "t" at QoS 1
      And O is connected
      And O is subscribed to "t" at QoS 1
      And P is connected
      And S reads 0 bytes per second
      When P sends 20 messages to "t" at QoS 1 at once
      Then O has got "20" on "t" at least once
