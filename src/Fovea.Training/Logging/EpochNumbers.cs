namespace Fovea.Training.Logging;

/// <summary>What the table of a run says of an epoch; null where nothing was written.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="TrainLoss">The mean training loss, nats.</param>
/// <param name="TrainTop1">The share of training images that were recognised, 0–1.</param>
/// <param name="Loss">The validation loss, nats.</param>
/// <param name="Top1">The share of validation images that were recognised, 0–1.</param>
/// <param name="Macro">The mean of these shares over the classes, 0–1.</param>
/// <param name="Top5">The share of validation images whose class is among the five likeliest, 0–1.</param>
public sealed record EpochNumbers(int Epoch, double? TrainLoss, double? TrainTop1, double? Loss, double? Top1, double? Macro = null, double? Top5 = null);
