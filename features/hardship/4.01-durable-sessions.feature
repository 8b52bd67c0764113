Feature: A Server that keeps what it has acknowledged over its own end

  Rule: A Session is as it was when the Server starts again

    @3.1.1/MQTT-3.1.2-4 @3.1.1/MQTT-4.1.0-1 @3.1.1/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-23
    @needs:qos1 @needs:session-persistence @needs:restart
    Scenario Outline: a message waits while the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S has lost its Network Connection
      And P is connected
      And P has published "waiting" to "t" at QoS 1
      When the Server <ends>
      And the Server starts again
      And S returns to its Session
      Then the Session of S is present
      And S has got "waiting" on "t" at least once

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

    @3.1.1/MQTT-3.1.2-4 @3.1.1/MQTT-4.1.0-1 @5.0/MQTT-3.1.2-5 @5.0/MQTT-3.1.2-23
    @needs:qos1 @needs:session-persistence @needs:restart
    Scenario Outline: a Subscription holds although the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      When the Server <ends>
      And the Server starts again
      And S returns to its Session
      And P connects
      And P publishes "m" to "t" at QoS 1
      Then the Session of S is present
      And S has got "m" on "t" at least once

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

    @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.4.0-1
    @needs:qos1 @needs:session-persistence @needs:restart
    Scenario Outline: a message that was not acknowledged comes again after the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 1
      And S does not acknowledge
      And P is connected
      And P has published "m" to "t" at QoS 1
      And S has received "m" on "t"
      When the Server <ends>
      And the Server starts again
      And S acknowledges what arrives
      And S returns to its Session
      Then S receives "m" on "t"
      And it has:
        | DUP | 1 |

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

  Rule: Exactly once means over the end of the Server, too

    @3.1.1/MQTT-4.3.3-2 @5.0/MQTT-4.3.3-10
    @needs:qos2 @needs:session-persistence @needs:restart
    Scenario Outline: the publisher repeats its QoS 2 message after the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And P is connected and its Session is kept
      And the network cuts P off before PUBREC reaches it
      When P sends PUBLISH with:
        | Topic Name | t |
        | Payload    | m |
        | QoS        | 2 |
      And P has been cut off
      And the Server <ends>
      And the Server starts again
      And S returns to its Session
      And P returns to its Session
      And P goes on with what was unfinished
      Then S has got "m" on "t" exactly once

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

    @3.1.1/MQTT-4.3.3-1 @3.1.1/MQTT-4.4.0-1 @5.0/MQTT-4.3.3-5 @5.0/MQTT-4.4.0-1
    @needs:qos2 @needs:session-persistence @needs:restart
    Scenario Outline: a QoS 2 delivery goes on after the Server <ends>
      Given S is connected and its Session is kept
      And S is subscribed to "t" at QoS 2
      And P is connected
      And the network cuts S off before PUBREL reaches it
      When P publishes "m" to "t" at QoS 2
      And S has been cut off
      And the Server <ends>
      And the Server starts again
      And S returns to its Session
      Then S receives PUBREL
      And S has got "m" on "t" exactly once

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

  Rule: Retained messages are there when the Server starts again

    @3.1.1/MQTT-3.3.1-5 @5.0/MQTT-3.3.1-5
    @needs:qos1 @needs:retain @needs:restart
    Scenario Outline: a retained message outlasts a Server that <ends>
      Given P is connected
      And P has retained "kept" on "t" at QoS 1
      When the Server <ends>
      And the Server starts again
      And S connects
      And S subscribes to "t" at QoS 1
      Then S receives "kept" on "t"
      And it has:
        | RETAIN | 1 |

      @server:durable
      Examples:
        | ends  |
        | stops |

      @server:durable-over-crashes
      Examples:
        | ends        |
        | crashes     |
        | loses power |

  Rule: What has ended before does not come back

    @3.1.1/MQTT-3.1.2-6 @3.1.1/MQTT-3.2.2-3 @5.0/MQTT-3.1.2-4 @5.0/MQTT-3.2.2-3
    @needs:session-persistence @needs:restart
    @server:durable-over-crashes
    Scenario: a Session that a clean start has dropped
      Given S is connected and its Session is kept
      And S has lost its Network Connection
      And S is connected
      And S has disconnected
      When the Server crashes
      And the Server starts again
      And S returns to its Session
      Then the Session of S is not present

    @5.0/MQTT-4.1.0-2 @5.0/MQTT-3.2.2-3
    @needs:session-persistence @needs:restart
    @server:durable-over-crashes
    Scenario: a Session that expires while the Server is away
      Given S is connected with:
        | Clean Start             | 0 |
        | Session Expiry Interval | 2 |
      And S has lost its Network Connection
      When the Server crashes
      And 5.0 seconds pass
      And the Server starts again
      And S returns to its Session
      Then the Session of S is not present
