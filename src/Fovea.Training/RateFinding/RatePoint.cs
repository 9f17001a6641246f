namespace Fovea.Training.RateFinding;

/// <summary>One step of a range test.</summary>
/// <param name="Step">Its number, from 0.</param>
/// <param name="LearningRate">The rate as <c>optimizer.learning_rate</c> says it.</param>
/// <param name="AppliedRate">What the update was made with: the same, or scaled by <c>optimizer.linear_rule_batch</c>.</param>
/// <param name="Loss">The loss of the batch before the update, in nats; of several accumulated ones the last's.</param>
/// <param name="SmoothedLoss">The moving average of the losses so far.</param>
public readonly record struct RatePoint(int Step, double LearningRate, double AppliedRate, double Loss, double SmoothedLoss);
