//! Releases of the program, and what PCs run.
use register::{AgencyId, DeviceId};
use server::{StorageFault, written};

use crate::cast::{Making, ORG, OTHER, PC, org, reads, writes};

pub fn releases_and_what_pcs_run_are_kept_under_their_names<M: Making>() {
    let Some(making) = M::new() else { return };
    let storage = making.open();
    written::<(), StorageFault>(&storage, None, |writing| {
        writing.put_release("0.3.0/linux-x86_64", "three")?;
        writing.put_release("0.2.0/linux-x86_64", "two")?;
        writing.put_release("0.2.0/linux-x86_64", "two again")?;
        // The job that wrote them sees them.
        assert_eq!(writing.releases()?.len(), 2);
        Ok(())
    })
    .unwrap();
    for (agency, bodies) in [(ORG, ["old", "one"]), (OTHER, ["old", "other"])] {
        writes(&storage, agency, move |writing| {
            writing.put_org(&org(agency, 0))?;
            for body in bodies {
                writing.put_program(agency, PC, body)?;
                assert_eq!(writing.program(agency, PC)?.as_deref(), Some(body));
            }
            Ok(())
        });
    }
    drop(storage);
    let storage = making.open();
    reads(&storage, |reading| {
        let named = |name: &str, body: &str| (name.to_owned(), body.to_owned());
        let all = [named("0.2.0/linux-x86_64", "two again"), named("0.3.0/linux-x86_64", "three")];
        assert_eq!(reading.releases()?, all);
        assert_eq!(reading.program(ORG, PC)?, Some("one".to_owned()));
        assert_eq!(reading.program(ORG, DeviceId([9; 16]))?, None);
        let of = |agency: AgencyId, body: &str| (agency, PC, body.to_owned());
        assert_eq!(reading.programs()?, [of(ORG, "one"), of(OTHER, "other")]);
        Ok(())
    });
}
