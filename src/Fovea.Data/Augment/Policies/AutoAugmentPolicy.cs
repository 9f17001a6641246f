namespace Fovea.Data.Augment;

/// <summary>For which data a policy of AutoAugment was found.</summary>
public enum AutoAugmentPolicy
{
    /// <summary>ImageNet.</summary>
    Imagenet,

    /// <summary>CIFAR-10.</summary>
    Cifar10,

    /// <summary>SVHN.</summary>
    Svhn,
}
