// Jest sets FORCE_COLOR for its workers when its own output is a terminal. What tests read has no colours.
delete process.env.FORCE_COLOR;
