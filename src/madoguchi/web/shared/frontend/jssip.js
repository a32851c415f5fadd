import JsSIP from "jssip";

export { JsSIP };
